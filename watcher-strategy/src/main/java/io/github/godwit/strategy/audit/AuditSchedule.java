package io.github.godwit.strategy.audit;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import io.github.godwit.strategy.common.ServiceRefusal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;

/** The schedule of a continuous audit: an interval in seconds, or a cron expression in UTC. */
public final class AuditSchedule {

    private static final CronParser PARSER = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

    private final Long seconds;
    private final Cron cron;

    private AuditSchedule(Long seconds, Cron cron) {
        this.seconds = seconds;
        this.cron = cron;
    }

    /**
     * Parses the interval of an audit.
     *
     * @throws ServiceRefusal if it is neither a positive number of seconds nor a cron expression of five fields
     */
    public static AuditSchedule parse(String interval) {
        if (interval.matches("\\d{1,9}") && Long.parseLong(interval) > 0) {
            return new AuditSchedule(Long.parseLong(interval), null);
        }
        try {
            return new AuditSchedule(null, PARSER.parse(interval));
        } catch (IllegalArgumentException e) {
            throw ServiceRefusal.invalid("Expected an interval or cron syntax but received " + interval);
        }
    }

    /** Returns the time of the next run after one that started, or nothing if the expression never matches again. */
    public Optional<Instant> after(Instant start) {
        if (seconds != null) {
            return Optional.of(start.plusSeconds(seconds));
        }
        return ExecutionTime.forCron(cron)
                .nextExecution(start.atZone(ZoneOffset.UTC))
                .map(ZonedDateTime::toInstant);
    }

    /** Returns the time of the first run: {@code from} with an interval, otherwise the next time that the expression matches. */
    public Optional<Instant> first(Instant from) {
        return seconds != null ? Optional.of(from) : after(from);
    }
}
