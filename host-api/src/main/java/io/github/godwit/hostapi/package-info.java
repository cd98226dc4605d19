/**
 * What goes over the host driver's REST API under {@code /v1}: records that Jackson reads and writes as they are. Enums and
 * techniques go by {@code toString}, durations and instants in ISO 8601.
 *
 * <table>
 * <caption>Routes</caption>
 * <tr><th>Route</th><th>Takes</th><th>Gives</th></tr>
 * <tr><td>GET /v1/host</td><td></td><td>{@link io.github.godwit.hostapi.HostStatus}</td></tr>
 * <tr><td>GET /v1/vms, GET /v1/vms/{name}</td><td></td><td>{@link io.github.godwit.hostapi.VmStatus}</td></tr>
 * <tr><td>POST /v1/vms</td><td>{@link io.github.godwit.model.profile.VmDefinition}</td><td>201, VmStatus</td></tr>
 * <tr><td>DELETE /v1/vms/{name}</td><td></td><td>204</td></tr>
 * <tr><td>GET /v1/vms/{name}/profile</td><td></td><td>{@link io.github.godwit.model.profile.VmProfile}</td></tr>
 * <tr><td>GET /v1/vms/{name}/techniques?destination=URL</td><td></td>
 *     <td>{@link io.github.godwit.model.technique.TechniqueAvailability}</td></tr>
 * <tr><td>POST /v1/migrations</td><td>{@link io.github.godwit.hostapi.MigrationRequest}</td>
 *     <td>202, {@link io.github.godwit.hostapi.MigrationStatus}</td></tr>
 * <tr><td>GET /v1/migrations, GET /v1/migrations/{id}</td><td></td><td>MigrationStatus</td></tr>
 * <tr><td>GET /v1/migrations/{id}/events</td><td></td>
 *     <td>server-sent {@link io.github.godwit.hostapi.MigrationEvent}, to the end of the migration</td></tr>
 * <tr><td>DELETE /v1/migrations/{id}</td><td></td><td>202 cancels; 409 where it cannot be cancelled</td></tr>
 * <tr><td>POST /v1/incoming</td><td>{@link io.github.godwit.hostapi.IncomingRequest}</td>
 *     <td>201, {@link io.github.godwit.hostapi.IncomingTicket}; between host drivers</td></tr>
 * <tr><td>POST /v1/incoming/{id}/finish</td><td></td>
 *     <td>{@link io.github.godwit.hostapi.Heartbeats} that the destination saw; the VM is its own from here on</td></tr>
 * <tr><td>DELETE /v1/incoming/{id}</td><td></td><td>204; the destination gives back what it prepared</td></tr>
 * <tr><td>GET /v1/openapi.json</td><td></td><td>the OpenAPI document</td></tr>
 * </table>
 *
 * <p>Every error is a {@link io.github.godwit.hostapi.ApiError} with its status code.
 */
package io.github.godwit.hostapi;
