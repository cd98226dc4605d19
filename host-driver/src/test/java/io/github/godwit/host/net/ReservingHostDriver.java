package io.github.godwit.host.net;

import io.github.godwit.host.net.TrafficControl.Direction;
import io.github.godwit.host.net.TrafficControl.Reservation;
import io.github.godwit.model.unit.Bandwidth;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Traffic control in its own process, for tests that kill it: reserves bandwidth in both directions, prints the rates, and prints
 * them again for every line that it reads. Arguments: state directory, lease in seconds.
 */
final class ReservingHostDriver {

    private ReservingHostDriver() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
        try (TrafficControl control = new LinuxTrafficControl(TwoHosts.settings(
                        TwoHosts.NIC, Path.of(arguments[0]), Duration.ofSeconds(Long.parseLong(arguments[1]))));
                Reservation out =
                        control.reserve(TwoHosts.flow("out", Direction.EGRESS, 49152), Bandwidth.parse("600mbit"));
                Reservation in =
                        control.reserve(TwoHosts.flow("in", Direction.INGRESS, 49152), Bandwidth.parse("600mbit"))) {
            System.out.println("reserved " + out.rate() + " " + in.rate());
            BufferedReader queries = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            while (queries.readLine() != null) {
                System.out.println("rate " + out.rate() + " " + in.rate());
            }
        }
    }
}
