package io.github.godwit.lab.net;

import io.github.godwit.lab.LabException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Chooses a private subnet for a lab, one that this machine has no route to. */
public final class SubnetChooser {

    private SubnetChooser() {}

    /**
     * Returns the first free network of 10.96.0.0/24 to 10.127.0.0/24 and 192.168.200.0/24 to 192.168.231.0/24.
     *
     * @param routed networks with a route, without the default route
     * @throws LabException when all of them have routes
     */
    public static Subnet choose(List<Subnet> routed) {
        return candidates()
                .filter(candidate -> routed.stream().noneMatch(candidate::overlaps))
                .findFirst()
                .orElseThrow(
                        () -> new LabException(
                                "This machine has routes to all subnets that the lab may choose. Give a free one with --subnet."));
    }

    /**
     * Checks a subnet that the user chose.
     *
     * @return the subnet
     * @throws LabException when it is not a /24 or has a route
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
