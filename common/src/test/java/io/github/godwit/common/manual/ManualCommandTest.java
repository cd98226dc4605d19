package io.github.godwit.common.manual;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

class ManualCommandTest {

    @Command(
            name = "ferry",
            description = "Moves things.",
            version = "ferry 1.2",
            mixinStandardHelpOptions = true,
            subcommands = {Move.class, ManualCommand.class})
    private static final class Ferry {}

    @SuppressWarnings("UnusedVariable") // picocli sets them
    @Command(
            name = "move",
            description = "Moves a thing. It stays a thing.",
            showDefaultValues = true,
            footer = {"", "A thing is anything.", "", "Example:", "  ferry move 'a-b' --share 60%%"})
    private static final class Move {

        @Parameters(paramLabel = "THING", description = "What to move.")
        private String thing;

        @Option(names = "--share", paramLabel = "SHARE", defaultValue = "50%", description = ".5 is 50 %%.")
        private String share;

        @Option(
                names = {"-t", "--to"},
                description = "Where to.")
        private Optional<String> to = Optional.empty();

        @Option(names = "--secret", hidden = true)
        private boolean secret;
    }

    @TempDir
    private Path directory;

    private String written(String file) throws IOException {
        return Files.readString(directory.resolve(file));
    }

    @Test
    void everyCommandHasAPageThatSaysWhatHelpSays() throws IOException {
        assertThat(new CommandLine(new Ferry()).execute("manual", directory.toString()))
                .isZero();
        try (var files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("ferry.1", "ferry-move.1", "ferry.bash");
        }
        assertThat(written("ferry.1"))
                .startsWith(".TH FERRY 1 \"\" \"ferry 1.2\" \"User Commands\"\n")
                .contains(".SH NAME\nferry \\- Moves things\n", ".TP\n.BR ferry\\-move (1)\nMoves a thing.\n");
        assertThat(written("ferry-move.1"))
                .contains(
                        ".SH NAME\nferry\\-move \\- Moves a thing\n",
                        ".B ferry move\n",
                        ".TP\n\\fITHING\\fR\nWhat to move.\n",
                        ".TP\n\\fB\\-\\-share\\fR=SHARE\n\\&.5 is 50 %.\n.br\nDefault: 50%\n",
                        ".TP\n\\fB\\-t\\fR, \\fB\\-\\-to\\fR=<to>\nWhere to.\n",
                        ".SH NOTES\n.nf\nA thing is anything.\n",
                        ".SH EXAMPLES\n.nf\n  ferry move \\(aqa\\-b\\(aq \\-\\-share 60%\n.fi\n",
                        ".BR ferry (1)\n")
                .doesNotContain("secret");
    }

    @Test
    void theCompletionKnowsWhatHelpLists() throws IOException {
        new CommandLine(new Ferry()).execute("manual", directory.toString());
        assertThat(written("ferry.bash"))
                .doesNotStartWith("#!")
                .contains("complete -F _complete_ferry -o default ferry", "--share", "--to")
                .doesNotContain("--secret")
                .doesNotContainPattern("(?m)^[^#\n]*manual");
    }
}
