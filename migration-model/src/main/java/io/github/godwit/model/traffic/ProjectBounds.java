package io.github.godwit.model.traffic;

import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.unit.Checks;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * An operator's bounds for the VMs of one project in one class, in place of those of the class.
 *
 * @param type    name of the class
 * @param project UUID of the project
 * @param version counts the operator's changes
 * @param bounds  for at least one urgency; the bounds of the class hold for the others
 */
public record ProjectBounds(String type, String project, int version, Map<Urgency, SlaTerms> bounds) {

    /**
     * Copies the map.
     *
     * @throws IllegalArgumentException when a part is missing
     */
    public ProjectBounds {
        Checks.named("name of a traffic class", type);
        Checks.named("project of traffic class " + type, project);
        Checks.notNegative("version of the bounds of project " + project, version);
        if (bounds == null || bounds.isEmpty()) {
            throw new IllegalArgumentException(
                    "The bounds of project %s in traffic class '%s' name no urgency. Name high, medium or low, or delete them."
                            .formatted(project, type));
        }
        bounds = Collections.unmodifiableMap(new EnumMap<>(bounds));
    }
}
