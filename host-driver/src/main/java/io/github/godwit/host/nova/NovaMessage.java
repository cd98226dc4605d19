package io.github.godwit.host.nova;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.godwit.host.nova.permit.NovaConfiguration;
import java.util.Map;

/**
 * A message from Godwit's compute driver in nova-compute, one JSON object per line. All but {@link Kind#CONFIGURATION} are about a live
 * migration.
 *
 * @param message     kind of the message
 * @param vm          UUID of the server; null for a configuration
 * @param destination Nova's name of the destination host
 * @param migration   UUID of Nova's migration record, or null
 * @param flags       Nova's {@code virDomainMigrateFlags}
 * @param technique   {@code godwit:technique} of the server's metadata, or null; with {@link Kind#REFUSED} the technique
 * @param policy      {@code godwit:policy} of the server's metadata, or null
 * @param words       why the migration ended, or libvirt's error message, or null
 * @param flavorTechnique {@code godwit:technique} of the flavor's extra specs, or null; on the wire {@code flavor_technique}
 * @param flavorPolicy    {@code godwit:policy} of the flavor's extra specs, or null; on the wire {@code flavor_policy}
 * @param sent            with {@link Kind#REFUSED} whether libvirt had sent memory; null from an older compute driver
 * @param configuration   nova-compute's configuration; null from an older compute driver, and with most kinds
 * @param takesPort       with {@link Kind#ASK} whether nova-compute passes on a port of the destination; null from an older compute
 *                        driver; on the wire {@code takes_port}
 * @param metadata        the server's metadata about SLA bounds and urgency; empty from an older compute driver
 * @param extraSpecs      the flavor's extra specs about them, likewise; on the wire {@code extra_specs}
 * @param order           with {@link Kind#STARTED} of a migration that can be switched to post-copy, what nova-compute ordered of libvirt;
 *                        null from an older compute driver
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record NovaMessage(
        Kind message,
        String vm,
        String destination,
        String migration,
        long flags,
        String technique,
        String policy,
        String words,
        @JsonProperty("flavor_technique") String flavorTechnique,
        @JsonProperty("flavor_policy") String flavorPolicy,
        Boolean sent,
        NovaConfiguration configuration,
        @JsonProperty("takes_port") Boolean takesPort,
        Map<String, String> metadata,
        @JsonProperty("extra_specs") Map<String, String> extraSpecs,
        Order order) {

    /**
     * The arguments of {@code virDomainMigrateToURI3}.
     *
     * @param uri        URI of the destination's libvirt
     * @param flags      {@code virDomainMigrateFlags}
     * @param parameters by the names of {@code VIR_MIGRATE_PARAM_*}
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Order(String uri, long flags, Map<String, Object> parameters) {}

    /** The kinds of message. */
    public enum Kind {
        /** nova-compute has started, or its configuration has changed. The answer, if there is one, says what is wrong with it. */
        CONFIGURATION,
        /** Nova is about to migrate the server, unless its checks fail. nova-compute does not wait for an answer. */
        NOTICE,
        /** Nova asks how to migrate the server now, and waits for the answer. */
        ASK,
        /** libvirt has started the migration. */
        STARTED,
        /**
         * libvirt did not carry out the advice, and the VM runs here as before: Nova migrates with its own flags next, unless the answer
         * withdraws.
         */
        REFUSED,
        /**
         * Nova follows the migration. The answer, if there is one, says that Godwit has no influence any more, or that Nova is to switch
         * the migration to post-copy.
         */
        ALIVE,
        /** Nova has requested the switch to post-copy. */
        POSTCOPY,
        /** libvirt reports that the server has arrived. */
        COMPLETED,
        /** Nova has rolled the migration back, or an operator has aborted it. */
        ABORTED,
        /** libvirt reports that the migration failed. */
        FAILED;

        /** Whether it ends the migration. */
        public boolean isEnd() {
            return this == COMPLETED || this == ABORTED || this == FAILED;
        }
    }

    /** A message of a compute driver that passes on no port and says nothing about SLA bounds and urgency. */
    public NovaMessage(
            Kind message,
            String vm,
            String destination,
            String migration,
            long flags,
            String technique,
            String policy,
            String words,
            String flavorTechnique,
            String flavorPolicy,
            Boolean sent,
            NovaConfiguration configuration) {
        this(
                message,
                vm,
                destination,
                migration,
                flags,
                technique,
                policy,
                words,
                flavorTechnique,
                flavorPolicy,
                sent,
                configuration,
                null,
                null,
                null,
                null);
    }

    /** A message without the flavor's values and without a configuration. */
    public NovaMessage(
            Kind message,
            String vm,
            String destination,
            String migration,
            long flags,
            String technique,
            String policy,
            String words) {
        this(message, vm, destination, migration, flags, technique, policy, words, null, null, null, null);
    }

    /**
     * Checks the message; missing maps are empty.
     *
     * @throws IllegalArgumentException when the kind or the VM is missing
     */
    public NovaMessage {
        metadata = metadata == null ? Map.of() : metadata;
        extraSpecs = extraSpecs == null ? Map.of() : extraSpecs;
        if (message == null || (message != Kind.CONFIGURATION && (vm == null || vm.isBlank()))) {
            throw new IllegalArgumentException(
                    "A message of nova-compute needs 'message' and 'vm', but has %s and '%s'.".formatted(message, vm));
        }
    }
}
