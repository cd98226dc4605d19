package io.github.godwit.model.traffic;

import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A rate for the applications of a VM: the larger of a fixed rate and a share of what the VM has now.
 *
 * @param rate    the fixed rate; zero for none
 * @param percent the share of the VM's present rate, in percent, 0 to 200; zero for none
 */
public record SlaBound(Bandwidth rate, double percent) {

    /** Twice the present rate leaves room for a burst; more would keep a migration from running. */
    private static final double MOST_PERCENT = 200;

    private static final Pattern PERCENT = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*%");

    /**
     * @throws IllegalArgumentException when the rate is missing or the share is out of its range
     */
    public SlaBound {
        Checks.present("rate of an SLA bound", rate);
        Checks.inRange("share of an SLA bound in percent", percent, 0, MOST_PERCENT);
    }

    /**
     * Reads a rate ({@code 50mbit}), a share ({@code 60%}), or both ({@code 10mbit, 60%}), of which the larger holds.
     *
     * @throws IllegalArgumentException when the text is none of these
     */
    public static SlaBound parse(String text) {
        Bandwidth rate = null;
        Double percent = null;
        for (String part : text.strip().toLowerCase(Locale.ROOT).split(",", -1)) {
            Matcher share = PERCENT.matcher(part.strip());
            if (share.matches() && percent == null) {
                percent = Double.valueOf(share.group(1));
            } else if (!share.matches() && rate == null) {
                rate = rate(part, text);
            } else {
                throw wrong(text);
            }
        }
        return new SlaBound(rate == null ? Bandwidth.ZERO : rate, percent == null ? 0 : percent);
    }

    private static Bandwidth rate(String part, String text) {
        try {
            return Bandwidth.parse(part);
        } catch (IllegalArgumentException e) {
            throw wrong(text);
        }
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException(
                ("'%s' is not an SLA bound. Write a rate such as 50mbit, a share of the VM's present rate such as 60%%, "
                                + "or both with a comma between, of which the larger holds.")
                        .formatted(text.strip()));
    }

    /** The bound of a VM with this rate. */
    public Bandwidth of(Bandwidth now) {
        Bandwidth share = new Bandwidth(Math.round(now.bitsPerSecond() * percent / 100));
        return share.compareTo(rate) > 0 ? share : rate;
    }

    /** Whether this bound is at most the other one whatever the VM's rate is. */
    boolean neverAbove(SlaBound other) {
        return rate.compareTo(other.rate) <= 0 && percent <= other.percent;
    }

    /** The form that {@link #parse} reads. */
    @Override
    public String toString() {
        String share = BigDecimal.valueOf(percent).stripTrailingZeros().toPlainString() + "%";
        if (percent == 0) {
            return rate.toString();
        }
        return rate.equals(Bandwidth.ZERO) ? share : rate + ", " + share;
    }
}
