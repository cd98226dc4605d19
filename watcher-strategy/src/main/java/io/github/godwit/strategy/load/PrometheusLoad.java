package io.github.godwit.strategy.load;

import io.github.godwit.nova.Prometheus;
import io.github.godwit.nova.Prometheus.Sample;
import io.github.godwit.nova.PrometheusException;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.ClusterSource;
import io.github.godwit.strategy.common.ServiceRefusal;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the cluster with the load of hosts and VMs from Prometheus instead of the host drivers. A host driver reports the load of the
 * last second; Prometheus reports it over the range of its queries. Values that Prometheus does not have are those of the host driver; who
 * lacks some is an omission of the snapshot, and is logged once.
 */
public final class PrometheusLoad implements ClusterSource {

    private static final Logger LOG = LoggerFactory.getLogger(PrometheusLoad.class);

    private static final String INSTANCE = "instance";
    private static final String DOMAIN = "domain";

    private final ClusterSource drivers;
    private final Prometheus prometheus;
    private final PrometheusTerms terms;
    private final InstanceNames instanceNames;
    private final GapLog log = new GapLog();

    /**
     * @param drivers       provides the hosts and VMs
     * @param prometheus    provides their load
     * @param terms         what is asked
     * @param instanceNames the names of the domains of VMs
     */
    public PrometheusLoad(
            ClusterSource drivers, Prometheus prometheus, PrometheusTerms terms, InstanceNames instanceNames) {
        this.drivers = drivers;
        this.prometheus = prometheus;
        this.terms = terms;
        this.instanceNames = instanceNames;
    }

    /**
     * {@inheritDoc}
     *
     * @throws ServiceRefusal if Prometheus does not answer, because load over another time range would lead to other decisions
     */
    @Override
    public ClusterModel read() throws InterruptedException {
        ClusterModel cluster = drivers.read();
        Map<LoadMetric, Figures> figures;
        try {
            figures = figures(cluster);
        } catch (PrometheusException e) {
            LOG.debug("{} does not answer", prometheus.name(), e);
            throw ServiceRefusal.unavailable(e.getMessage());
        }
        List<LoadGap> gaps = LoadGap.of(prometheus.name(), cluster, figures);
        log.see(gaps, LoadGap.owners(cluster));
        return new LoadedCluster(figures).of(cluster, LoadGap.told(gaps));
    }

    @Override
    public Duration window() {
        return terms.window();
    }

    private Map<LoadMetric, Figures> figures(ClusterModel cluster) throws InterruptedException {
        SeriesOwners hosts = new SeriesOwners(
                new HostNames(cluster.hosts(), terms.hostLabels())::of,
                new InfoLabels(info(terms.hostInfo()), terms.hostLabels(), List.of(Set.of(INSTANCE))));
        SeriesOwners vms = new SeriesOwners(
                new VmNames(cluster.vms(), instanceNames.of(cluster.vms()), terms.vmLabels())::of,
                new InfoLabels(
                        info(terms.vmInfo()), terms.vmLabels(), List.of(Set.of(DOMAIN, INSTANCE), Set.of(DOMAIN))));
        BiPredicate<String, Sample> fromItsHost =
                (vm, series) -> hosts.of(series).equals(Set.of(cluster.vm(vm).host()));
        Map<LoadMetric, Figures> figures = new EnumMap<>(LoadMetric.class);
        for (LoadMetric metric : LoadMetric.values()) {
            String query = terms.queries().get(metric);
            if (query != null) {
                List<Sample> series = prometheus.query(query);
                figures.put(
                        metric,
                        metric.ofHost()
                                ? Figures.of(metric, series, hosts::of, (host, each) -> true)
                                : Figures.of(metric, series, vms::of, fromItsHost));
            }
        }
        return figures;
    }

    private List<Sample> info(String query) throws InterruptedException {
        return query.isEmpty() ? List.of() : prometheus.query(query);
    }
}
