package io.github.godwit.strategy.rest.godwit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.hostapi.PolicySetVersion;
import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.model.predict.Recalibration;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.TrafficClass;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.traffic.VmSla;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.rest.Api;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;

/** {@code /godwit/v1/hosts}: the hosts with their load and their VMs, as their host drivers report them now. */
@Path("/godwit/v1/hosts")
@Produces(MediaType.APPLICATION_JSON)
public final class HostsResource {

    /** The urgency of audits that do not set one. */
    private static final Urgency USUAL = ReservationTerms.DEFAULT.urgency();

    private final Api api;

    /** Creates the resource. */
    public HostsResource(Api api) {
        this.api = api;
    }

    /**
     * Lists the hosts whose host drivers answer, and what is left out and why.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    @GET
    public JsonNode list() throws InterruptedException {
        ClusterModel cluster = api.cloud().read();
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        ArrayNode hosts = list.putArray("hosts");
        Map<String, VmSla> slas = api.cloud().slas(cluster.vms(), USUAL);
        cluster.hosts().forEach(host -> hosts.add(view(cluster, host, slas)));
        ArrayNode omitted = list.putArray("omitted");
        cluster.omissions()
                .forEach(omission ->
                        omitted.addObject().put("what", omission.what()).put("reason", omission.reason()));
        return list;
    }

    /**
     * Returns a host.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    @GET
    @Path("{name}")
    public JsonNode get(@PathParam("name") String asked) throws InterruptedException {
        ClusterModel cluster = api.cloud().read();
        String name = api.cloud().hostName(asked);
        return cluster.findHost(name)
                .map(host -> view(cluster, host, api.cloud().slas(cluster.vmsOn(name), USUAL)))
                .orElseThrow(() -> ServiceRefusal.notFound("No host driver answers for host '%s'.".formatted(name)));
    }

    private static ObjectNode view(ClusterModel cluster, ClusterHost host, Map<String, VmSla> slas) {
        HostProfile profile = host.profile();
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("name", host.name());
        view.put("cores", profile.cores());
        view.put("cpu_load", profile.cpuLoad());
        view.put("memory_bytes", profile.memory().bytes());
        view.put("memory_load", profile.memoryLoad());
        view.put("link_bits_per_second", profile.link().bitsPerSecond());
        traffic(view, "", profile.traffic());
        view.put("nic", host.status().nic());
        Traffic applications = host.applications().traffic();
        traffic(view, "application_", applications);
        view.put("traffic_class", TrafficClass.of(applications).toString());
        view.put("observes", host.status().observes());
        view.put("disabled", cluster.rules().closed().contains(host.name()));
        PolicySetVersion policies = host.status().policies();
        view.put("policy_set", policies == null ? null : policies.version());
        ArrayNode shifts = view.putArray("recalibration");
        for (Recalibration.Shift shift : host.status().recalibration().shifts()) {
            ObjectNode entry = shifts.addObject();
            entry.put("metric", shift.metric().id());
            entry.put("post_copy", shift.postCopy());
            entry.put("offset", shift.offset());
            entry.put("margin", shift.margin());
            entry.put("migrations", shift.migrations());
        }
        ArrayNode vms = view.putArray("vms");
        for (VmStatus vm : cluster.vmsOn(host.name())) {
            ObjectNode entry = vms.addObject();
            entry.put("name", vm.name());
            entry.put("state", vm.state());
            entry.put("cores", vm.vcpuUse());
            entry.put("memory_bytes", ClusterModel.promised(vm).bytes());
            entry.put("resident_bytes", vm.residentMemory().bytes());
            traffic(entry, "", vm.traffic());
            entry.put("traffic_class", TrafficClass.of(vm.traffic()).toString());
            entry.put("migration", vm.migration());
            sla(entry, slas.get(vm.name()));
        }
        return view;
    }

    private static void sla(ObjectNode entry, VmSla sla) {
        if (sla != null) {
            entry.put("workload_class", sla.type());
            entry.put("urgency", sla.urgency().toString());
            entry.put("sla_lower_bits_per_second", sla.bounds().lower().bitsPerSecond());
            entry.put("sla_upper_bits_per_second", sla.bounds().upper().bitsPerSecond());
            ArrayNode notes = entry.putArray("sla_notes");
            sla.notes().forEach(notes::add);
        }
    }

    private static void traffic(ObjectNode view, String prefix, Traffic traffic) {
        view.put(prefix + "in_bits_per_second", traffic.in().bitsPerSecond());
        view.put(prefix + "out_bits_per_second", traffic.out().bitsPerSecond());
    }
}
