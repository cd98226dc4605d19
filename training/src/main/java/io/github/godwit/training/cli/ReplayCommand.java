package io.github.godwit.training.cli;

import io.github.godwit.hostapi.DatasetRow;
import io.github.godwit.training.replay.RecordedRun;
import io.github.godwit.training.replay.Replay;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code godwit-train replay}: what rules that watch a migration would have decided. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Replays the rounds of recorded pre-copies with rules that switch to post-copy: Godwit's, KubeVirt's stall detector and its "
                    + "timeout, and none.",
            "A migration costs the time until its end, and once more the time that the VM waits for its pages in post-copy; one that does "
                    + "not arrive costs its time twice. Regret is what a rule costs more than the best decision in hindsight. What a switch "
                    + "would have cost is computed from what remained in that round: this is a simulation on real progress."
        },
        footer = {"", "Example:", "  godwit-train replay --rows /var/lib/godwit/outcomes.jsonl --json replay.json"})
final class ReplayCommand implements Callable<Integer> {

    @Mixin
    private RowsOption rows;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the results to this file as JSON.")
    private Path json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Printing printing = Printing.of(spec);
        List<RecordedRun> runs = rows.rows().stream()
                .map(DatasetRow::outcome)
                .map(RecordedRun::of)
                .flatMap(Optional::stream)
                .toList();
        if (runs.isEmpty()) {
            throw new IOException(
                    "No row has the rounds of a pre-copy. Host drivers record them since they watch migrations; collect new rows.");
        }
        Replay replay = Replay.of(runs);
        printing.print("%d migrations".formatted(replay.runs()));
        printing.print("  %-16s %9s %9s %7s %13s %15s"
                .formatted("rule", "switched", "needless", "missed", "mean cost ms", "mean regret ms"));
        replay.rules()
                .forEach((name, score) -> printing.print("  %-16s %9d %9d %7d %13.0f %15.0f"
                        .formatted(
                                name,
                                score.switched(),
                                score.needless(),
                                score.missed(),
                                score.meanCost(),
                                score.meanRegret())));
        Printing.json(json, replay);
        return 0;
    }
}
