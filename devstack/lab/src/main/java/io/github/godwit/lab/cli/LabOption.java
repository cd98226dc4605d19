package io.github.godwit.lab.cli;

import io.github.godwit.lab.LabName;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.driver.LabRecord;
import picocli.CommandLine.Option;

/** The option {@code --lab}: the lab that a command acts on. */
final class LabOption {

    @Option(names = "--lab", defaultValue = "godwit", description = "Name of the lab (default: ${DEFAULT-VALUE}).")
    private LabName name;

    LabName name() {
        return name;
    }

    /**
     * The lab.
     *
     * @throws io.github.godwit.lab.LabException when it is not up
     */
    Lab require() {
        return new LabRecord(name).require();
    }
}
