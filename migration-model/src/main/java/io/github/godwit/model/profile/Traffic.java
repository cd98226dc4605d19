package io.github.godwit.model.profile;

import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;

/**
 * What goes over one network interface, or over one VM's tap, seen from its owner (SPEC T1).
 *
 * @param in  rate received
 * @param out rate sent
 */
public record Traffic(Bandwidth in, Bandwidth out) {

    /** No traffic either way. */
    public static final Traffic NONE = new Traffic(Bandwidth.ZERO, Bandwidth.ZERO);

    /**
     * @throws IllegalArgumentException when a rate is missing
     */
    public Traffic {
        Checks.present("inbound rate", in);
        Checks.present("outbound rate", out);
    }
}
