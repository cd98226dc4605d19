package io.github.godwit.strategy.settle;

import io.github.godwit.strategy.decide.Rests;
import io.github.godwit.strategy.settle.PastMove.End;
import io.github.godwit.strategy.settle.PastMove.Purpose;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decides what rests because of earlier moves.
 *
 * <ul>
 *   <li>The figures of a host are not used while a part of them is older than its last move, and for {@link SettleRule#hostRest} in any
 *       case: the load that has left is still in them, and the load that has come is not yet.
 *   <li>A VM that was moved is not moved again for {@link SettleRule#vmRest}.
 *   <li>A VM whose move failed is passed over for {@link SettleRule#retryAfter}, so that the next one is tried. A host at which the
 *       moves of two VMs have failed in a row is passed over likewise.
 *   <li>For {@link SettleRule#undoRest} no move is undone: a VM does not return to the host that it left. Packing neither fills a host that
 *       was relieved, nor empties one that took its VMs.
 *   <li>Relief leaves a host empty that packing has emptied, if another one can take the VM.
 * </ul>
 */
public final class Settling {

    private static final int VMS_THAT_ACCUSE_A_HOST = 2;
    private static final int MOST_REASON_CHARS = 160;

    private final SettleRule rule;
    private final MoveHistory history;
    private final Instant figuresSince;
    private final Instant now;

    /**
     * @param rule         how long what is left alone
     * @param history      earlier moves
     * @param figuresSince the earliest moment that is part of the figures on which the decision is based
     * @param now          current time
     */
    public Settling(SettleRule rule, MoveHistory history, Instant figuresSince, Instant now) {
        this.rule = rule;
        this.history = history;
        this.figuresSince = figuresSince;
        this.now = now;
    }

    /**
     * Returns what rests.
     *
     * @param purpose what the moves would be for that are decided now
     */
    public Rests rests(Purpose purpose) {
        return new Rests(
                vms(),
                judged(),
                purpose == Purpose.PACKING ? helpers() : Map.of(),
                receiving(purpose),
                returns(),
                purpose == Purpose.RELIEF ? emptied() : Set.of());
    }

    private Map<String, String> vms() {
        Map<String, String> vms = new HashMap<>();
        for (String vm : history.vms()) {
            history.lastOf(vm)
                    .filter(last -> within(last, rule.vmRest()))
                    .ifPresent(last -> vms.put(
                            vm,
                            last.end() == End.RUNS
                                    ? "is being moved from %s to %s".formatted(last.from(), last.to())
                                    : "rests until %s after its move from %s"
                                            .formatted(time(last.at().plus(rule.vmRest())), last.from())));
            List<PastMove> failures = history.failuresOf(vm);
            Duration wait = rule.retryAfter(failures.size());
            if (!failures.isEmpty() && within(failures.get(0), wait)) {
                PastMove last = failures.get(0);
                vms.put(
                        vm,
                        "is passed over until %s: %s (%s)"
                                .formatted(
                                        time(last.at().plus(wait)),
                                        failures.size() == 1
                                                ? "its last move, to %s, failed".formatted(last.to())
                                                : "its last %d moves failed".formatted(failures.size()),
                                        error(last)));
            }
        }
        return vms;
    }

    /** The hosts whose figures contain time before their last move. */
    private Map<String, String> judged() {
        Map<String, String> judged = new HashMap<>();
        for (PastMove move : history.moves()) {
            boolean older = move.at().isAfter(figuresSince);
            if (move.changesLoad() && (move.end() == End.RUNS || older || within(move, rule.hostRest()))) {
                judged.putIfAbsent(move.from(), unsettled(move, "left", older));
                judged.putIfAbsent(move.to(), unsettled(move, "came", older));
            }
        }
        return judged;
    }

    private String unsettled(PastMove move, String did, boolean older) {
        if (move.end() == End.RUNS) {
            return "rests while %s %s".formatted(move.vm(), did.equals("left") ? "leaves" : "comes");
        }
        Instant until = move.at().plus(rule.hostRest());
        return "rests%s because %s %s at %s%s"
                .formatted(
                        until.isAfter(now) ? " until %s".formatted(time(until)) : "",
                        move.vm(),
                        did,
                        time(move.at()),
                        older ? ": a part of its figures is older" : "");
    }

    /** The hosts that took VMs of hot hosts. */
    private Map<String, String> helpers() {
        Map<String, String> helpers = new HashMap<>();
        history.moves().stream()
                .filter(move -> move.purpose() == Purpose.RELIEF && move.changesLoad())
                .filter(move -> within(move, rule.undoRest()))
                .forEach(move -> helpers.putIfAbsent(
                        move.to(),
                        "keeps until %s what it took from hot %s"
                                .formatted(time(move.at().plus(rule.undoRest())), move.from())));
        return helpers;
    }

    private Map<String, String> receiving(Purpose purpose) {
        Map<String, String> receiving = new HashMap<>();
        for (PastMove move : history.moves()) {
            if (purpose == Purpose.PACKING
                    && move.purpose() == Purpose.RELIEF
                    && move.changesLoad()
                    && within(move, rule.undoRest())) {
                receiving.putIfAbsent(
                        move.from(),
                        "is not filled until %s because it was hot"
                                .formatted(time(move.at().plus(rule.undoRest()))));
            }
        }
        history.moves().stream().map(PastMove::to).distinct().forEach(host -> accused(host, receiving));
        return receiving;
    }

    private void accused(String host, Map<String, String> receiving) {
        List<PastMove> failures = history.failuresTo(host);
        long vms = failures.stream().map(PastMove::vm).distinct().count();
        if (vms < VMS_THAT_ACCUSE_A_HOST) {
            return;
        }
        Duration wait = rule.retryAfter();
        if (within(failures.get(0), wait)) {
            receiving.put(
                    host,
                    "is passed over until %s: the last %d moves to it failed (%s)"
                            .formatted(time(failures.get(0).at().plus(wait)), failures.size(), error(failures.get(0))));
        }
    }

    private Map<String, Map<String, String>> returns() {
        Map<String, Map<String, String>> returns = new HashMap<>();
        history.moves().stream()
                .filter(move -> move.end() == End.MOVED && within(move, rule.undoRest()))
                .forEach(move -> returns.computeIfAbsent(move.vm(), vm -> new HashMap<>())
                        .putIfAbsent(
                                move.from(),
                                "left %s at %s and does not return until %s"
                                        .formatted(
                                                move.from(),
                                                time(move.at()),
                                                time(move.at().plus(rule.undoRest())))));
        return returns;
    }

    private Set<String> emptied() {
        Set<String> emptied = new HashSet<>();
        history.moves().stream()
                .filter(move -> move.purpose() == Purpose.PACKING && move.changesLoad())
                .forEach(move -> emptied.add(move.from()));
        return emptied;
    }

    private boolean within(PastMove move, Duration time) {
        return move.end() == End.RUNS || now.isBefore(move.at().plus(time));
    }

    private static Instant time(Instant moment) {
        return moment.truncatedTo(ChronoUnit.SECONDS);
    }

    private static String error(PastMove failed) {
        String error =
                failed.error() == null ? "no reason is known" : failed.error().strip();
        String cut = error.length() > MOST_REASON_CHARS ? error.substring(0, MOST_REASON_CHARS) + " …" : error;
        return cut.endsWith(".") ? cut.substring(0, cut.length() - 1) : cut;
    }
}
