package io.github.godwit.nova;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Set;

/**
 * The CPU of a hypervisor, as libvirt describes it ({@code cpu_info}).
 *
 * @param arch     architecture, such as x86_64, or null
 * @param vendor   vendor, such as Intel, or null
 * @param model    libvirt's name of the model, such as Skylake-Client, or null
 * @param features features that the model does not have by itself
 */
public record Cpu(String arch, String vendor, String model, Set<String> features) {

    /** Nova reports nothing about it, as since microversion 2.88 and for drivers other than libvirt's. */
    public static final Cpu UNKNOWN = new Cpu(null, null, null, Set.of());

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Copies the features. */
    public Cpu {
        features = Set.copyOf(features);
    }

    /** Returns whether Nova reports its architecture or its model. */
    public boolean known() {
        return arch != null || model != null;
    }

    /** Reads {@code cpu_info}: an object since microversion 2.28, a string with an object before. */
    static Cpu of(JsonNode info) {
        JsonNode object = info.isTextual() ? parsed(info.textValue()) : info;
        return new Cpu(
                OpenStackJson.text(object, "arch"),
                OpenStackJson.text(object, "vendor"),
                OpenStackJson.text(object, "model"),
                Set.copyOf(OpenStackJson.list(object.path("features"), JsonNode::asText)));
    }

    private static JsonNode parsed(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return JSON.nullNode();
        }
    }
}
