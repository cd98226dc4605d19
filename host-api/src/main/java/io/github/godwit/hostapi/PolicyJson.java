package io.github.godwit.hostapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.github.godwit.model.select.PolicyForm;
import io.github.godwit.model.select.PolicySet;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.model.traffic.TrafficClasses;
import io.github.godwit.model.traffic.TrafficForm;
import java.io.IOException;
import java.util.function.Function;

/**
 * Policies and traffic classes in JSON, in the form of their files ({@link PolicyForm}, {@link TrafficForm}). An unknown key is an error
 * for every reader: a limit that is not understood must not be ignored.
 */
final class PolicyJson {

    private PolicyJson() {}

    static SimpleModule module() {
        SimpleModule module = new SimpleModule("policies");
        module.addSerializer(new Writer<>(SloPolicy.class, PolicyForm::write));
        module.addDeserializer(SloPolicy.class, new Reader<>(SloPolicy.class, PolicyForm::read));
        module.addSerializer(new Writer<>(TrafficClasses.class, TrafficForm::write));
        module.addDeserializer(TrafficClasses.class, new Reader<>(TrafficClasses.class, TrafficForm::read));
        module.setMixInAnnotation(PolicySet.class, WithoutShippedClasses.class);
        return module;
    }

    /** A host driver of an older release refuses a set with a member that it does not know. */
    @SuppressWarnings("UnusedMethod") // Jackson reads its annotation
    private interface WithoutShippedClasses {
        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = ShippedClasses.class)
        TrafficClasses trafficClasses();
    }

    /** Equals the traffic classes that ship. */
    static final class ShippedClasses {
        @Override
        public boolean equals(Object other) {
            return TrafficClasses.shipped().equals(other);
        }

        @Override
        public int hashCode() {
            return TrafficClasses.shipped().hashCode();
        }
    }

    private static final class Writer<T> extends StdSerializer<T> {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("serial") // serializers are never serialized
        private final Function<T, Object> form;

        Writer(Class<T> type, Function<T, Object> form) {
            super(type);
            this.form = form;
        }

        @Override
        public void serialize(T value, JsonGenerator json, SerializerProvider provider) throws IOException {
            provider.defaultSerializeValue(form.apply(value), json);
        }
    }

    private static final class Reader<T> extends StdDeserializer<T> {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("serial")
        private final Function<Object, T> form;

        Reader(Class<T> type, Function<Object, T> form) {
            super(type);
            this.form = form;
        }

        @Override
        public T deserialize(JsonParser json, DeserializationContext context) throws IOException {
            try {
                return form.apply(context.readValue(json, Object.class));
            } catch (IllegalArgumentException e) {
                throw context.instantiationException(handledType(), e);
            }
        }
    }
}
