package io.github.godwit.strategy.actionplan;

import io.github.godwit.strategy.plan.PlanSchedule.Deadline;

/** The part of a plan's status message that says that it was rescheduled. */
final class RescheduleNote {

    private static final String MARK = " Rescheduled ";

    private RescheduleNote() {}

    /**
     * Returns the message with the latest reason in the place of an earlier one.
     *
     * @param message  the message, or null
     * @param times    how often the plan was rescheduled
     * @param reason   why, as a sentence
     * @param deadline the new judgement of the deadline, or null
     */
    static String apply(String message, int times, String reason, Deadline deadline) {
        String before = message == null ? "" : message;
        int mark = before.indexOf(MARK);
        String kept = mark < 0 ? before : before.substring(0, mark);
        String how = times == 1 ? "once" : times + " times";
        String then = deadline == null ? "" : " " + deadline.sentence();
        return (kept + MARK + how + ". The latest reason: " + reason + then).strip();
    }
}
