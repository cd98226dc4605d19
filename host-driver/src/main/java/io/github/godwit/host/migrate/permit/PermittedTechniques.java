package io.github.godwit.host.migrate.permit;

import io.github.godwit.hostapi.HostStatus;
import io.github.godwit.model.select.PolicySet;
import io.github.godwit.model.technique.LinkDrop;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.technique.TechniqueConstraint;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The techniques that a migration may use whatever its policy is: {@link VmTechniques}, narrowed by the rules of both hosts' aggregates, by
 * that of the server's project, and by the state of both hosts' links.
 */
public final class PermittedTechniques {

    private PermittedTechniques() {}

    /**
     * Narrows what both hosts can run for a VM.
     *
     * @param able    the techniques that they can run
     * @param here    the source
     * @param there   the destination
     * @param set     has the rules
     * @param project the server's project, if it is known
     */
    public static TechniqueAvailability between(
            TechniqueAvailability able, HostStatus here, HostStatus there, PolicySet set, Optional<String> project) {
        Set<String> hosts =
                new HashSet<>(List.of(here.profile().name(), there.profile().name()));
        TechniqueConstraint links = Stream.of(here, there)
                .flatMap(host -> Optional.ofNullable(host.linkDrop()).stream())
                .map(LinkDrop::constraint)
                .reduce(TechniqueConstraint.NONE, TechniqueConstraint::narrowedBy);
        return set.constraint(hosts, project).narrowedBy(links).of(able);
    }
}
