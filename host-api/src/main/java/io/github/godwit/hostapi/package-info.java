/**
 * The messages of the host driver's REST API under {@code /v1}, as records that Jackson maps to JSON by their component names
 * ({@link io.github.godwit.hostapi.WireJson}).
 *
 * <table>
 * <caption>Routes</caption>
 * <tr><th>Route</th><th>Request body</th><th>Response</th></tr>
 * <tr><td>GET /v1/host, GET /v1/host?peer=ADDRESS</td><td></td><td>{@link io.github.godwit.hostapi.HostStatus}</td></tr>
 * <tr><td>GET /v1/policies</td><td></td><td>{@link io.github.godwit.model.select.PolicySet}</td></tr>
 * <tr><td>PUT /v1/policies</td><td>PolicySet</td><td>{@link io.github.godwit.hostapi.PolicySetVersion}; 409 if it is older than the one that
 *     the host driver has</td></tr>
 * <tr><td>GET /v1/vms, GET /v1/vms/{name}</td><td></td><td>{@link io.github.godwit.hostapi.VmStatus}</td></tr>
 * <tr><td>POST /v1/vms</td><td>{@link io.github.godwit.model.profile.VmDefinition}</td><td>201, VmStatus</td></tr>
 * <tr><td>DELETE /v1/vms/{name}</td><td></td><td>204</td></tr>
 * <tr><td>GET /v1/vms/{name}/profile?max_age={seconds}</td><td></td><td>{@link io.github.godwit.model.profile.VmProfile}</td></tr>
 * <tr><td>GET /v1/vms/{name}/vcpu-time</td><td></td><td>{@link io.github.godwit.model.proxy.VcpuTime}, called by the source of a migration
 *     that has ended</td></tr>
 * <tr><td>GET /v1/vms/{name}/techniques?destination=URL</td><td></td>
 *     <td>{@link io.github.godwit.model.technique.TechniqueAvailability}</td></tr>
 * <tr><td>POST /v1/migrations</td><td>{@link io.github.godwit.hostapi.MigrationRequest}</td>
 *     <td>202, {@link io.github.godwit.hostapi.MigrationStatus}</td></tr>
 * <tr><td>GET /v1/migrations, GET /v1/migrations/{id}</td><td></td><td>MigrationStatus</td></tr>
 * <tr><td>GET /v1/migrations/{id}/events</td><td></td>
 *     <td>server-sent {@link io.github.godwit.hostapi.MigrationEvent}, until the migration ends</td></tr>
 * <tr><td>DELETE /v1/migrations/{id}</td><td></td><td>202 if it will be cancelled, 409 if it cannot be cancelled any more</td></tr>
 * <tr><td>POST /v1/incoming</td><td>{@link io.github.godwit.hostapi.IncomingRequest}</td>
 *     <td>201, {@link io.github.godwit.hostapi.IncomingTicket}; called by the source's host driver</td></tr>
 * <tr><td>POST /v1/incoming/{id}/recover</td><td></td>
 *     <td>IncomingTicket of where the destination's QEMU listens again, after the connection broke in post-copy; 409 if it cannot</td></tr>
 * <tr><td>GET /v1/incoming/{id}/gathering</td><td></td>
 * <td>{@link io.github.godwit.hostapi.scatter.GatherStatus}</td></tr>
 * <tr><td>GET /v1/incoming/{id}/waits</td><td></td>
 * <td>{@link io.github.godwit.hostapi.PostcopyWaits}</td></tr>
 * <tr><td>POST /v1/incoming/{id}/finish</td><td></td>
 *     <td>{@link io.github.godwit.hostapi.Heartbeats} that the destination received; from now on it owns the VM</td></tr>
 * <tr><td>DELETE /v1/incoming/{id}</td><td></td><td>204; the destination releases what it prepared</td></tr>
 * <tr><td>GET /v1/openapi.json</td><td></td><td>the OpenAPI document</td></tr>
 * </table>
 *
 * <p>Every response that is not a success has an {@link io.github.godwit.hostapi.ApiError} as its body.
 */
package io.github.godwit.hostapi;
