package io.github.godwit.model.watch;

import io.github.godwit.model.select.Choice;
import io.github.godwit.model.select.MigrationDecider.Prepared;
import java.util.Optional;

/** Chooses the technique by which a migration is begun again that would not come to its end. Pure. */
@FunctionalInterface
public interface SecondChoice {

    /** Nothing is begun again. */
    SecondChoice NONE = (round, growth) -> Optional.empty();

    /**
     * A choice.
     *
     * @param choice   the technique, and why
     * @param prepared what it was predicted from, and what is to be reserved
     */
    record SecondAttempt(Choice choice, Prepared prepared) {}

    /**
     * Chooses after a round of pre-copy.
     *
     * @param round  the last round
     * @param growth length of a round as a share of the round before, from {@link RoundGrowth}
     * @return empty if no other technique is permitted, possible, and sure enough to come to its end
     */
    Optional<SecondAttempt> after(PrecopyRound round, double growth);
}
