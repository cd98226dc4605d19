package io.github.godwit.hostapi;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.github.godwit.model.select.PolicyForm;
import io.github.godwit.model.select.SloPolicy;
import java.io.IOException;

/**
 * Policies in JSON, in the form of the policies file ({@link PolicyForm}). An unknown key is an error for every reader: a limit that is
 * not understood must not be ignored.
 */
final class PolicyJson {

    private PolicyJson() {}

    static SimpleModule module() {
        SimpleModule module = new SimpleModule("policies");
        module.addSerializer(new Writer());
        module.addDeserializer(SloPolicy.class, new Reader());
        return module;
    }

    private static final class Writer extends StdSerializer<SloPolicy> {
        private static final long serialVersionUID = 1L;

        Writer() {
            super(SloPolicy.class);
        }

        @Override
        public void serialize(SloPolicy policy, JsonGenerator json, SerializerProvider provider) throws IOException {
            provider.defaultSerializeValue(PolicyForm.write(policy), json);
        }
    }

    private static final class Reader extends StdDeserializer<SloPolicy> {
        private static final long serialVersionUID = 1L;

        Reader() {
            super(SloPolicy.class);
        }

        @Override
        public SloPolicy deserialize(JsonParser json, DeserializationContext context) throws IOException {
            try {
                return PolicyForm.read(context.readValue(json, Object.class));
            } catch (IllegalArgumentException e) {
                throw context.instantiationException(SloPolicy.class, e);
            }
        }
    }
}
