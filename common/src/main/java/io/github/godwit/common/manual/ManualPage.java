package io.github.godwit.common.manual;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The manual page of a command, in the macros of man(7): what {@code --help} prints. Of a footer, the lines after "Example:" or
 * "Examples:" are the section EXAMPLES.
 */
final class ManualPage {

    private static final String SECTION = "1";

    /** Column of the description in what picocli renders for an option or a parameter. */
    private static final int DESCRIPTION = 4;

    private final CommandSpec spec;
    private final ColorScheme plain = Help.defaultColorScheme(Ansi.OFF);
    private final Help help;
    private final StringBuilder page = new StringBuilder();

    private ManualPage(CommandSpec spec) {
        this.spec = spec;
        this.help = new Help(spec, plain);
    }

    /** The name of the page of a command: {@code godwit-host-serve} for {@code godwit-host serve}. */
    static String nameOf(CommandSpec spec) {
        return spec.qualifiedName("-");
    }

    /** The commands below a command that {@code --help} lists. */
    static List<CommandSpec> commandsOf(CommandSpec spec) {
        return new LinkedHashSet<>(spec.subcommands().values())
                .stream()
                        .map(CommandLine::getCommandSpec)
                        .filter(command -> !command.usageMessage().hidden())
                        .toList();
    }

    /** Writes the page of a command. */
    static String of(CommandSpec spec) {
        return new ManualPage(spec).written();
    }

    private String written() {
        String name = nameOf(spec);
        String[] version = spec.root().version();
        line(".TH %s %s \"\" \"%s\" \"User Commands\""
                .formatted(escaped(name).toUpperCase(Locale.ROOT), SECTION, version.length == 0 ? "" : version[0]));
        // A justified line has gaps, and option names are no words to divide.
        line(".ad l");
        line(".nh");
        section("NAME");
        line("%s \\- %s".formatted(escaped(name), escaped(firstSentence(spec).replaceAll("\\.$", ""))));
        section("SYNOPSIS");
        String command = spec.qualifiedName();
        line(".B " + escaped(command));
        line(escaped(filled(help.synopsis(0)).substring(command.length()).strip()));
        section("DESCRIPTION");
        for (String paragraph : spec.usageMessage().description()) {
            line(".PP");
            line(escaped(formatted(paragraph)));
        }
        parameters();
        options();
        commands();
        footer();
        if (spec.parent() != null) {
            section("SEE ALSO");
            line(".BR %s (%s)".formatted(escaped(nameOf(spec.parent())), SECTION));
        }
        return page.toString();
    }

    private void parameters() {
        List<PositionalParamSpec> shown = spec.positionalParameters().stream()
                .filter(each -> !each.hidden())
                .toList();
        if (!shown.isEmpty()) {
            section("ARGUMENTS");
        }
        for (PositionalParamSpec each : shown) {
            line(".TP");
            line("\\fI%s\\fR".formatted(escaped(each.paramLabel())));
            text(help.createDefaultParameterRenderer().render(each, help.createDefaultParamLabelRenderer(), plain));
        }
    }

    private void options() {
        List<OptionSpec> shown = new ArrayList<>(
                spec.options().stream().filter(each -> !each.hidden()).toList());
        Comparator<OptionSpec> order = help.createDefaultOptionSort();
        if (order != null) {
            shown.sort(order);
        }
        section("OPTIONS");
        for (OptionSpec each : shown) {
            line(".TP");
            String names = "\\fB" + String.join("\\fR, \\fB", escaped(each.names())) + "\\fR";
            String label = help.createDefaultParamLabelRenderer()
                    .renderParameterLabel(each, Ansi.OFF, List.of())
                    .toString();
            line(names + escaped(label));
            text(help.createDefaultOptionRenderer().render(each, help.createDefaultParamLabelRenderer(), plain));
        }
    }

    private void commands() {
        List<CommandSpec> commands = commandsOf(spec);
        if (!commands.isEmpty()) {
            section("COMMANDS");
        }
        for (CommandSpec each : commands) {
            line(".TP");
            line(".BR %s (%s)".formatted(escaped(nameOf(each)), SECTION));
            line(escaped(firstSentence(each)));
        }
    }

    private void footer() {
        boolean examples = false;
        boolean notes = false;
        for (String raw : spec.usageMessage().footer()) {
            String text = formatted(raw);
            if (text.matches("Examples?:")) {
                end(examples || notes);
                examples = true;
                section("EXAMPLES");
                line(".nf");
            } else if (examples || notes) {
                line(escaped(text));
            } else if (!text.isEmpty()) {
                notes = true;
                section("NOTES");
                line(".nf");
                line(escaped(text));
            }
        }
        end(examples || notes);
    }

    private void end(boolean unfilled) {
        if (unfilled) {
            line(".fi");
        }
    }

    private void section(String title) {
        line(".SH " + (title.contains(" ") ? "\"" + title + "\"" : title));
    }

    /** Writes the description of an option or a parameter with its default, as in {@code --help}. */
    private void text(Text[][] rows) {
        for (Text[] row : rows) {
            String text = row[DESCRIPTION].toString().strip();
            if (text.startsWith("Default: ")) {
                line(".br");
            }
            if (!text.isEmpty()) {
                line(escaped(text));
            }
        }
    }

    private static String firstSentence(CommandSpec command) {
        String[] description = command.usageMessage().description();
        return description.length == 0 ? "" : formatted(description[0]).split("(?<=\\.) ", 2)[0];
    }

    /** A text of picocli without its markup, which is also a format: {@code %%} is a percent sign. */
    private static String formatted(String raw) {
        return Ansi.OFF.string(String.format(raw));
    }

    private static String filled(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }

    private static String[] escaped(String[] texts) {
        return java.util.Arrays.stream(texts).map(ManualPage::escaped).toArray(String[]::new);
    }

    /** A text in which troff sees no request and no escape, and which can be copied from the page to a shell. */
    private static String escaped(String text) {
        String safe = text.replace("\\", "\\e")
                .replace("-", "\\-")
                .replace("'", "\\(aq")
                .replace("`", "\\(ga")
                .replace("^", "\\(ha")
                .replace("~", "\\(ti");
        return safe.startsWith(".") ? "\\&" + safe : safe;
    }

    private void line(String line) {
        page.append(line).append('\n');
    }
}
