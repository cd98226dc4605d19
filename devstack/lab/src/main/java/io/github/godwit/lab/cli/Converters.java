package io.github.godwit.lab.cli;

import io.github.godwit.lab.LabName;
import io.github.godwit.lab.guest.GuestWorkload.Pattern;
import io.github.godwit.lab.linux.LinuxWorkload;
import io.github.godwit.lab.net.Subnet;
import io.github.godwit.model.profile.Hypervisor;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts option values with the model's parsers, whose messages explain what is wrong. */
final class Converters {

    private Converters() {}

    static void registerIn(CommandLine program) {
        program.registerConverter(Bandwidth.class, converter(Bandwidth::parse));
        program.registerConverter(MemorySize.class, converter(MemorySize::parse));
        program.registerConverter(Technique.class, converter(Technique::parse));
        program.registerConverter(Pattern.class, converter(Pattern::parse));
        program.registerConverter(LinuxWorkload.class, converter(LinuxWorkload::parse));
        program.registerConverter(Subnet.class, converter(Subnet::parse));
        program.registerConverter(LabName.class, converter(LabName::new));
        program.registerConverter(Hypervisor.class, converter(Hypervisor::parse));
    }

    private static <T> ITypeConverter<T> converter(Function<String, T> parser) {
        return text -> {
            try {
                return parser.apply(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        };
    }
}
