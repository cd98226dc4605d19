package io.github.godwit.strategy.common;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The rules for every text that a client sends and the service keeps, in one place. REST checks by them before anything reaches a
 * database, the OpenAPI document and the schemas of parameters are written from them, and a column holds what its rule allows. No
 * database is ever the one to refuse a text, so that H2, MariaDB and PostgreSQL give the same answers.
 *
 * <p>Lengths are UTF-16 units, as in Java, JavaScript and H2: a character outside of the Basic Multilingual Plane, such as most emoji,
 * counts as two. MariaDB and PostgreSQL count it as one, so that whatever the rule allows fits there too.
 */
public enum TextRule {
    /** Name of an audit, as long as in Watcher. */
    AUDIT_NAME("name", 63, Form.NAME, "audits.name"),
    /** Interval of an audit: seconds or a cron expression. */
    INTERVAL("interval", 255, Form.NAME, "audits.run_interval"),
    /** Name of an audit template. */
    TEMPLATE_NAME("name", 255, Form.NAME, "audit_templates.name"),
    /** Description of an audit template. */
    TEMPLATE_DESCRIPTION("description", 255, Form.FREE, "audit_templates.description"),
    /** Parameters of a strategy as JSON, in an audit or a template. */
    PARAMETERS("parameters", 65_536, Form.FREE, "audits.parameters"),
    /** Scope of an audit or a template as JSON. */
    SCOPE("scope", 65_536, Form.FREE, "audits.scope"),
    /** A text among the parameters of a strategy that names nothing in particular. */
    PARAMETER("parameter", 4_000, Form.FREE, null),
    /** Name of a host or of an instance of the service. */
    HOST("host", 255, Form.NAME, "services.host"),
    /** Name or UUID of a VM. */
    VM("resource_id", 255, Form.NAME, null),
    /** Type of an action. */
    ACTION_TYPE("action_type", 63, Form.NAME, "actions.action_type"),
    /** Why a client skips an action. */
    STATUS_MESSAGE("status_message", 1_000, Form.FREE, "actions.status_message"),
    /** Name of an SLO policy. */
    POLICY_NAME("name", 63, Form.NAME, "policies.name"),
    /** Scenario of an SLO policy. */
    SCENARIO("scenario", 255, Form.NAME, null),
    /** SLO policy as JSON. */
    POLICY("policy", 65_536, Form.FREE, "policies.body"),
    /** Name of a traffic class. */
    TRAFFIC_CLASS_NAME("name", 63, Form.NAME, "traffic_classes.name"),
    /** Traffic class, or the bounds of a project in it, as JSON. */
    TRAFFIC_CLASS("traffic class", 65_536, Form.FREE, "traffic_classes.body"),
    /** Project that has bounds of its own in a traffic class. */
    PROJECT("project", 255, Form.NAME, "traffic_classes.project"),
    /** Project or aggregate that a technique rule is for. */
    TECHNIQUE_RULE_NAME("name", 255, Form.NAME, "technique_rules.name"),
    /** Why the service is switched off. */
    SWITCH_REASON("reason", 1_000, Form.FREE, "service_switch.reason"),
    /** User, password, project or domain of somebody who signs in. */
    CREDENTIAL("credential", 4_000, Form.FREE, null);

    /** What a text may look like. */
    private enum Form {
        /** One line of visible characters, without blanks at its ends. */
        NAME,
        /** Any text. */
        FREE
    }

    /** Member of a JSON schema that names a rule; {@link #resolve} replaces it by the limit. */
    private static final String MEMBER = "text_rule";

    private final String field;
    private final int most;
    private final Form form;
    private final String column;

    TextRule(String field, int most, Form form, String column) {
        this.field = field;
        this.most = most;
        this.form = form;
        this.column = column;
    }

    /** The greatest length, in UTF-16 units. */
    public int most() {
        return most;
    }

    /** Table and column that keep such texts, separated by a dot, or null if they are only part of others. */
    public String column() {
        return column;
    }

    /**
     * Checks a text.
     *
     * @param text the text, or null for none
     * @return the text
     * @throws ServiceRefusal if it is too long or has characters that it must not have; the message names the attribute and the limit
     */
    public String check(String text) {
        if (text == null) {
            return null;
        }
        if (text.length() > most) {
            throw refusal("It has %d characters; at most %d are allowed.".formatted(text.length(), most));
        }
        requireStorable(field, text);
        if (form == Form.NAME) {
            requireName(text);
        }
        return text;
    }

    /**
     * Checks JSON by the length that it is kept with.
     *
     * @return the JSON
     * @throws ServiceRefusal if it is too long; the message names the attribute and the limit
     */
    public JsonNode check(JsonNode tree) {
        check(Texts.json(tree));
        return tree;
    }

    private void requireName(String text) {
        if (text.isBlank()) {
            throw refusal("It is empty. Give 1 to %d characters.".formatted(most));
        }
        if (!text.strip().equals(text)) {
            throw refusal("'%s' begins or ends with a blank. Leave it out.".formatted(text));
        }
        text.codePoints().filter(TextRule::breaksLine).findFirst().ifPresent(character -> {
            throw refusal("It has the control character U+%04X. Write one line of visible characters, at most %d."
                    .formatted(character, most));
        });
    }

    private static boolean breaksLine(int character) {
        int type = Character.getType(character);
        return type == Character.CONTROL || type == Character.LINE_SEPARATOR || type == Character.PARAGRAPH_SEPARATOR;
    }

    private ServiceRefusal refusal(String why) {
        return ServiceRefusal.invalid("Invalid input for field/attribute %s. %s".formatted(field, why));
    }

    /**
     * Checks that a text has no character that some database or some reader of JSON refuses: U+0000, and halves of surrogate pairs.
     *
     * @param what what the text is, for the error
     * @throws ServiceRefusal if it has one
     */
    public static void requireStorable(String what, String text) {
        text.codePoints()
                .filter(character -> character == 0 || Character.getType(character) == Character.SURROGATE)
                .findFirst()
                .ifPresent(character -> {
                    throw ServiceRefusal.invalid(
                            "Invalid input for field/attribute %s. It has U+%04X, which is no character that can be kept. Leave it out."
                                    .formatted(what, character));
                });
    }

    /** The beginning of a text, at most as long as given, without half a surrogate pair or blanks at its end. */
    public static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        boolean splits = Character.isHighSurrogate(text.charAt(most - 1));
        return text.substring(0, splits ? most - 1 : most).stripTrailing();
    }

    /** Replaces each {@code text_rule: RULE} in a schema by the rule's {@code maxLength}, in place. */
    public static void resolve(JsonNode schema) {
        if (schema instanceof ObjectNode object && object.path(MEMBER).isTextual()) {
            object.put("maxLength", valueOf(object.remove(MEMBER).textValue()).most());
        }
        List.copyOf(schema.properties()).forEach(entry -> resolve(entry.getValue()));
        if (schema.isArray()) {
            schema.forEach(TextRule::resolve);
        }
    }
}
