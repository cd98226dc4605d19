package io.github.godwit.host.rest;

import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import jakarta.validation.ReportAsSingleViolation;
import jakarta.validation.constraints.Pattern;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A path parameter that is a VM's name; the rule is that of {@link io.github.godwit.model.profile.VmDefinition}. */
@Pattern(regexp = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
@ReportAsSingleViolation
@Constraint(validatedBy = {})
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
@interface VmName {

    /** The message for a name that breaks the rule. */
    String message() default "A VM name has up to 63 letters, digits, dots, dashes or underscores.";

    /** Required by Jakarta Bean Validation; unused. */
    Class<?>[] groups() default {};

    /** Required by Jakarta Bean Validation; unused. */
    Class<? extends Payload>[] payload() default {};
}
