package io.github.godwit.model.traffic;

import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.unit.Bandwidth;
import java.time.Instant;

/**
 * A short forecast of the rates of one interface, from its last hour and the same time yesterday. For each direction it tests on every
 * minute what several methods would have said one and ten minutes before: the mean of the last hour, a cycle in it, and the same time
 * yesterday. A method is used only while its error on those minutes was a tenth below that of "as now", the rate of this moment, and it
 * has been tested for a quarter of an hour; otherwise the forecast is as now.
 *
 * <p>It remembers 8 KiB whatever it is fed. A time without values, such as a restart, leaves a gap. Not thread-safe.
 */
public final class RateForecast {

    private final DirectionForecast in = new DirectionForecast();
    private final DirectionForecast out = new DirectionForecast();
    private long latest = Long.MIN_VALUE;

    /** Adds the rates of a moment. Rates of a minute before that of the latest ones are left out, as after a step of the clock. */
    public void add(Instant at, Traffic traffic) {
        long minute = minute(at);
        if (minute < latest) {
            return;
        }
        latest = minute;
        in.add(minute, traffic.in().bitsPerSecond());
        out.add(minute, traffic.out().bitsPerSecond());
    }

    /**
     * The rates at a time.
     *
     * @param at a time from the latest rates on; up to a day ahead yesterday can help, beyond that the forecast is worth little
     * @return the latest rates for a time in or before their minute; {@link Traffic#NONE} before the first rates
     */
    public Traffic forecast(Instant at) {
        return new Traffic(forecast(in, at), forecast(out, at));
    }

    private Bandwidth forecast(DirectionForecast direction, Instant at) {
        return latest == Long.MIN_VALUE ? Bandwidth.ZERO : direction.forecast(minute(at));
    }

    /** How {@link #forecast} forecasts what is received and what is sent at a time, for people: "as now and same time yesterday". */
    public String methods(Instant at) {
        String received = in.method(minute(at)).words();
        String sent = out.method(minute(at)).words();
        return received.equals(sent) ? received : received + " and " + sent;
    }

    private static long minute(Instant at) {
        return Math.floorDiv(at.getEpochSecond(), 60L);
    }
}
