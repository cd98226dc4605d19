package io.github.godwit.lab;

import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.net.LinkShape;
import io.github.godwit.lab.run.LabDown;
import io.github.godwit.lab.run.LabUp;
import io.github.godwit.lab.system.SystemCommands;
import io.github.godwit.model.unit.Bandwidth;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives all integration tests with a {@link Lab} parameter the same lab of three hosts, and takes it down after the last. */
public final class SharedLab implements ParameterResolver {

    static final LabName NAME = TestLabs.named('s');

    private static final class Up implements AutoCloseable {

        private final Lab lab;

        Up() {
            new LabDown(NAME, new SystemCommands()).down();
            try {
                lab = new LabUp(NAME, new SystemCommands(), System.out::println)
                        .up(3, LinkShape.of(Bandwidth.parse("1gbit")), 1, null);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            new LabDown(NAME, new SystemCommands()).down();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Lab.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(Namespace.GLOBAL)
                .getOrComputeIfAbsent(Up.class, key -> new Up(), Up.class)
                .lab;
    }
}
