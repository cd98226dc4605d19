package io.github.godwit.model.reserve;

import io.github.godwit.model.unit.Bandwidth;
import java.util.Optional;

/** How much bandwidth to reserve for a migration; it may depend on the technique. Pure. */
@FunctionalInterface
public interface ReservationRule {

    /** Reserves nothing. */
    ReservationRule NOTHING = migration -> Optional.empty();

    /** The bandwidth to reserve, or nothing. */
    Optional<Bandwidth> reserve(ReservationCase migration);

    /**
     * What is reserved and why, in sentences; an empty string where somebody else decided it.
     *
     * @param reserved the bandwidth, within the operator's limits
     * @param obstacle why it cannot be reserved, as a clause, or nothing
     */
    default String note(ReservationCase migration, Optional<Bandwidth> reserved, Optional<String> obstacle) {
        return "";
    }

    /** The same rule, which reserves no more than this rate. */
    default ReservationRule atMost(Bandwidth most) {
        ReservationRule rule = this;
        return new ReservationRule() {
            @Override
            public Optional<Bandwidth> reserve(ReservationCase migration) {
                return rule.reserve(migration).map(most::min);
            }

            @Override
            public String note(ReservationCase migration, Optional<Bandwidth> reserved, Optional<String> obstacle) {
                return rule.note(migration, reserved, obstacle);
            }
        };
    }

    /**
     * Reserves what a schedule gives to a migration beside others, whether or not it is free now: the others would take it.
     *
     * @param rate its share, above 0
     */
    static ReservationRule share(Bandwidth rate) {
        return new ReservationRule() {
            @Override
            public Optional<Bandwidth> reserve(ReservationCase migration) {
                return Optional.of(rate);
            }

            @Override
            public String note(ReservationCase migration, Optional<Bandwidth> reserved, Optional<String> obstacle) {
                String share = "%.0f Mbit/s".formatted(reserved.orElse(rate).megabits());
                return obstacle.map(
                                why -> "%s, its share beside migrations at the same time, should be reserved, but %s."
                                        .formatted(share, why))
                        .orElseGet(() -> "%s are to be reserved: its share beside migrations at the same time."
                                .formatted(share));
            }
        };
    }

    /**
     * Reserves the same for every technique.
     *
     * @param rate the bandwidth, or null for nothing
     */
    static ReservationRule fixed(Bandwidth rate) {
        Optional<Bandwidth> reservation = Optional.ofNullable(rate);
        return migration -> reservation;
    }
}
