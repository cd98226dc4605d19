package io.github.godwit.hostapi;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.profile.DirtyCurve;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.Hypervisor;
import io.github.godwit.model.profile.PageContent;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.profile.VmNic;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Scattering;
import io.github.godwit.model.technique.Technique;
import java.util.List;

/**
 * The JSON form of Godwit's records, on the wire and on disk: records by their component names, enums and techniques by
 * {@code toString}, durations and instants in ISO 8601. The mappers are shared and thread-safe; do not configure them.
 */
public final class WireJson {

    /** What is measured and predicted, also where it comes with an order. */
    private static final List<Class<?>> FACTS = List.of(
            VmProfile.class,
            DirtyCurve.class,
            DirtyCurve.Point.class,
            PageContent.class,
            Traffic.class,
            MigrationDecision.class,
            MigrationDecision.Alternative.class,
            Prediction.Estimate.class,
            Prediction.Eviction.class);

    private static final ObjectMapper LENIENT =
            form().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    private static final ObjectMapper ANSWERS = form().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .addHandler(new NewerTechniques())
            .build();

    private static final ObjectMapper STRICT = form().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private WireJson() {}

    private static JsonMapper.Builder form() {
        JsonMapper.Builder form = JsonMapper.builder()
                .addModule(new JavaTimeModule())
                .addModule(new Jdk8Module())
                .addModule(PolicyJson.module())
                .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
                .enable(DeserializationFeature.READ_ENUMS_USING_TO_STRING)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .addMixIn(VmDefinition.class, OptionalMembers.class)
                .addMixIn(HostProfile.class, OptionalHypervisor.class)
                .addMixIn(MigrationTuning.class, OptionalTuning.class)
                .addMixIn(MigrationCase.class, OptionalScattering.class)
                .addMixIn(Prediction.class, OptionalEviction.class);
        FACTS.forEach(type -> form.addMixIn(type, Facts.class));
        return form;
    }

    /** A newer release may know more of a VM or a host. An order for it is followed without that. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private interface Facts {}

    /** A technique of a newer release reads as null. */
    private static final class NewerTechniques extends DeserializationProblemHandler {
        @Override
        public Object handleWeirdKey(DeserializationContext context, Class<?> type, String key, String failure) {
            return type == Technique.class ? null : NOT_HANDLED;
        }

        @Override
        public Object handleWeirdStringValue(
                DeserializationContext context, Class<?> type, String value, String failure) {
            return type == Technique.class ? null : NOT_HANDLED;
        }
    }

    /** Host drivers of 0.1 refuse a profile with a member that they do not know. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @SuppressWarnings("UnusedMethod") // Jackson reads its annotation
    private interface OptionalHypervisor {
        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = PlainQemu.class)
        Hypervisor hypervisor();
    }

    /** Equals the hypervisor that is not written. */
    private static final class PlainQemu {
        @Override
        public boolean equals(Object other) {
            return other == null || other == Hypervisor.QEMU;
        }

        @Override
        public int hashCode() {
            return 0;
        }
    }

    /** As with a definition. */
    @SuppressWarnings("UnusedMethod") // Jackson reads its annotation
    private interface OptionalTuning {
        @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        boolean postcopyFallback();

        @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        boolean zeroCopy();
    }

    /** As with a definition. */
    @SuppressWarnings("UnusedMethod") // Jackson reads its annotation
    private interface OptionalScattering {
        @JsonInclude(JsonInclude.Include.NON_NULL)
        Scattering scattering();
    }

    /** A prediction is a fact as well. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @SuppressWarnings("UnusedMethod") // Jackson reads its annotation
    private interface OptionalEviction {
        @JsonInclude(JsonInclude.Include.NON_NULL)
        Prediction.Eviction eviction();
    }

    /** A host driver of an older release refuses a definition with a member that it does not know. */
    @SuppressWarnings("UnusedMethod") // Jackson reads its annotation
    private interface OptionalMembers {
        @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        long diskBytes();

        @JsonInclude(JsonInclude.Include.NON_NULL)
        VmNic nic();

        @JsonInclude(JsonInclude.Include.NON_NULL)
        String initrd();

        @JsonInclude(JsonInclude.Include.NON_NULL)
        String machine();
    }

    /**
     * For the answers of host drivers: unknown properties are ignored, and a technique that only a newer release knows reads as null, which
     * the records of a host and of a VM leave out.
     */
    public static ObjectMapper answers() {
        return ANSWERS;
    }

    /** For what other versions of Godwit may have written: unknown properties are ignored. */
    public static ObjectMapper mapper() {
        return LENIENT;
    }

    /**
     * For what people and clients send: an unknown property of an order is an error, so that neither a misspelt one nor a condition of a
     * newer release is silently ignored. What was measured and predicted may have more.
     */
    public static ObjectMapper strictMapper() {
        return STRICT;
    }

    /** Whether a record may have unknown members for every reader: those of what was measured or predicted. */
    public static boolean ignoresUnknown(Class<?> type) {
        Class<?> annotations = STRICT.findMixInClassFor(type);
        return annotations != null && annotations.isAnnotationPresent(JsonIgnoreProperties.class);
    }
}
