package io.github.godwit.lab.net;

import io.github.godwit.lab.LabException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Finds a private subnet for a lab that this machine has no route to. */
public final class SubnetChooser {

    private SubnetChooser() {}

    /**
     * The first free one of some private /24 networks.
     *
     * @param routed networks with a route; the default route is not one
     * @throws LabException when all are taken
     */
    public static Subnet choose(List<Subnet> routed) {
        return candidates()
                .filter(candidate -> routed.stream().noneMatch(candidate::overlaps))
                .findFirst()
                .orElseThrow(() -> new LabException(
                        "This machine has routes to all subnets that the lab would take. Give one with --subnet."));
    }

    /**
     * Checks a subnet that the user gave.
     *
     * @return the same
     * @throws LabException when it is not a /24 or a route leads to it
     */
    public static Subnet check(Subnet wanted, List<Subnet> routed) {
        if (wanted.prefixLength() != 24) {
            throw new LabException("The subnet %s must be a /24, for example 10.97.0.0/24.".formatted(wanted));
        }
        routed.stream().filter(wanted::overlaps).findFirst().ifPresent(taken -> {
            throw new LabException("This machine has a route to %s, which overlaps the subnet %s. Choose another."
                    .formatted(taken, wanted));
        });
        return wanted;
    }

    private static Stream<Subnet> candidates() {
        return Stream.concat(
                IntStream.range(96, 128).mapToObj("10.%d.0.0/24"::formatted).map(Subnet::parse),
                IntStream.range(200, 232).mapToObj("192.168.%d.0/24"::formatted).map(Subnet::parse));
    }
}
