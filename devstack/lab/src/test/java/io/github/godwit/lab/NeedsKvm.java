package io.github.godwit.lab;

import io.github.godwit.host.vm.MachineAccelerator;
import io.github.godwit.model.Accelerator;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Method;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A test of something that only KVM has; under TCG it is skipped, and its reason told. {@code devstack/needs-kvm.txt} lists all such
 * tests, and {@code devstack/test-summary} sees that no other is skipped. The host driver has the same.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsKvm.Condition.class)
public @interface NeedsKvm {

    /** What of KVM it needs, in a word or two. */
    String value();

    /** Skips the test where guests run under TCG. */
    final class Condition implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            MachineAccelerator machine = MachineAccelerator.ofThisMachine();
            if (machine.accelerator() == Accelerator.KVM) {
                return ConditionEvaluationResult.enabled(machine.reason());
            }
            Method test = context.getRequiredTestMethod();
            String need = test.getAnnotation(NeedsKvm.class).value();
            return ConditionEvaluationResult.disabled("Needs KVM (%s): %s".formatted(need, machine.reason()));
        }
    }
}
