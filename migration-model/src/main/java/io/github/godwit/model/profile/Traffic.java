package io.github.godwit.model.profile;

import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;

/**
 * The traffic over one host's network interface or one VM's tap device, from the point of view of its owner.
 *
 * @param in  the rate received
 * @param out the rate sent
 */
public record Traffic(Bandwidth in, Bandwidth out) {

    /** No traffic in either direction. */
    public static final Traffic NONE = new Traffic(Bandwidth.ZERO, Bandwidth.ZERO);

    /**
     * @throws IllegalArgumentException when a rate is missing
     */
    public Traffic {
        Checks.present("inbound rate", in);
        Checks.present("outbound rate", out);
    }

    /** Both traffics together. */
    public Traffic plus(Traffic other) {
        return new Traffic(in.plus(other.in), out.plus(other.out));
    }

    /** This traffic without a part of it; a direction of which the part is larger is zero. */
    public Traffic minus(Traffic part) {
        return new Traffic(in.minus(part.in), out.minus(part.out));
    }
}
