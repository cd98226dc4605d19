package io.github.godwit.host.net;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads how many bytes the kernel has counted in a class of a tree, by {@code tc -s class show}.
 *
 * @param command runs {@code tc}
 */
record ClassBytes(Command command) {

    private static final Logger LOG = LoggerFactory.getLogger(ClassBytes.class);

    /** iproute2 has no JSON for these counters before version 6.5. */
    private static final Pattern COUNTER =
            Pattern.compile("class htb (\\S+) .*\\R\\s*Sent (\\d+) bytes", Pattern.MULTILINE);

    /** The bytes of a migration's class; empty if they cannot be read. */
    OptionalLong bytes(String device, int number) {
        try {
            Command.Result result = command.run(List.of("tc", "-s", "class", "show", "dev", device), "");
            return parse(result.out(), HtbTree.HANDLE + Integer.toHexString(number));
        } catch (IOException e) {
            LOG.debug("Cannot read the counters of {}", device, e);
            return OptionalLong.empty();
        }
    }

    static OptionalLong parse(String output, String classId) {
        Matcher counters = COUNTER.matcher(output);
        while (counters.find()) {
            if (counters.group(1).equals(classId)) {
                return OptionalLong.of(Long.parseLong(counters.group(2)));
            }
        }
        return OptionalLong.empty();
    }
}
