package io.github.godwit.strategy.audit;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.TextRule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The slots of a continuous audit: every so many seconds, or the minutes that a cron expression names in UTC, where every day has 24 hours.
 */
public final class AuditSchedule {

    private static final CronParser PARSER = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

    /** An expression without years that does not occur after this time never occurs: the years that follow have all of its days. */
    private static final Instant REFERENCE = Instant.parse("2000-01-01T00:00:00Z");

    private final Duration every;
    private final ExecutionTime cron;

    private AuditSchedule(Duration every, ExecutionTime cron) {
        this.every = every;
        this.cron = cron;
    }

    /**
     * Parses the interval of an audit.
     *
     * @throws ServiceRefusal if it is neither a positive number of seconds nor a cron expression of five fields, or never occurs
     */
    public static AuditSchedule parse(String interval) {
        TextRule.INTERVAL.check(interval);
        Optional<Duration> seconds = every(interval);
        if (seconds.isPresent()) {
            return new AuditSchedule(seconds.get(), null);
        }
        Cron cron;
        try {
            cron = PARSER.parse(interval);
        } catch (IllegalArgumentException e) {
            throw ServiceRefusal.invalid("Expected an interval or cron syntax but received " + interval);
        }
        AuditSchedule schedule = new AuditSchedule(null, ExecutionTime.forCron(cron));
        if (schedule.next(REFERENCE).isEmpty()) {
            throw ServiceRefusal.invalid(
                    "The cron expression '%s' never occurs. Choose a day that its months have.".formatted(interval));
        }
        return schedule;
    }

    /** The interval, if it is a positive number of seconds. */
    static Optional<Duration> every(String interval) {
        return interval.matches("\\d{1,9}") && Long.parseLong(interval) > 0
                ? Optional.of(Duration.ofSeconds(Long.parseLong(interval)))
                : Optional.empty();
    }

    /** The next time after a whole second that the cron expression names. */
    private Optional<Instant> next(Instant second) {
        return cron.nextExecution(second.atZone(ZoneOffset.UTC)).map(ZonedDateTime::toInstant);
    }

    private Instant cronAfter(Instant time) {
        return next(time.truncatedTo(ChronoUnit.SECONDS))
                .orElseThrow(() -> ServiceRefusal.invalid("The cron expression does not occur after " + time));
    }

    /** Whether the slots are times of the clock, not distances. */
    boolean isCron() {
        return every == null;
    }

    /** The first slot of a row that begins now or later: {@code begin} itself with seconds, otherwise the first named time from then on. */
    Instant firstFrom(Instant begin) {
        if (!isCron()) {
            return begin;
        }
        Instant before = begin.minusNanos(1).truncatedTo(ChronoUnit.SECONDS);
        return cronAfter(before);
    }

    /** The latest time that a next run may have: later ones come from a clock that has been put back since. */
    Instant latestFrom(Instant begin) {
        return isCron() ? firstFrom(begin) : begin.plus(every);
    }

    /**
     * The first slot after a time.
     *
     * @param slot any slot of the row
     * @param time the time; nothing that lies before it or at it is made up for
     */
    Instant slotAfter(Instant slot, Instant time) {
        if (isCron()) {
            return cronAfter(time);
        }
        long passed = Math.floorDiv(Duration.between(slot, time).toMillis(), every.toMillis());
        return slot.plus(every.multipliedBy(passed + 1));
    }
}
