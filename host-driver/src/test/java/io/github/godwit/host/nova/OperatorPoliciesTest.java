package io.github.godwit.host.nova;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.host.migrate.FakeHost;
import io.github.godwit.host.nova.NovaMessage.Kind;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.select.PolicySet;
import io.github.godwit.model.select.PostCopyUse;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.model.select.TechniqueRule;
import io.github.godwit.model.select.TechniqueTerms;
import io.github.godwit.model.technique.LinkDrop;
import io.github.godwit.model.technique.Technique;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Migrations that no plan contains follow the policies and rules of the operator. */
@Timeout(60)
class OperatorPoliciesTest {

    private final FakeHost host;
    private NovaMigrationAdvisor advisor;

    OperatorPoliciesTest() throws IOException {
        host = new FakeHost();
    }

    @BeforeEach
    void start() {
        advisor = host.advisor();
    }

    @AfterEach
    void close() {
        advisor.close();
        host.close();
    }

    private static SloPolicy only(String name, Technique technique) {
        return new SloPolicy(
                name,
                4,
                "test",
                List.of(),
                Map.of(Metric.TOTAL_TIME, 1.0),
                new TechniqueTerms(Set.of(technique), Set.of(), PostCopyUse.FREE));
    }

    private void operatorHas(SloPolicy policy, TechniqueRule... rules) {
        PolicySet set = new PolicySet(2, Instant.parse("2026-03-01T12:00:00Z"), List.of(policy), List.of(rules));
        host.choosesBy(() -> set);
    }

    private MigrationAdvice ask(String policy) {
        return advisor.apply(new NovaMessage(Kind.ASK, FakeHost.VM, "there", null, 0, null, policy, "words"));
    }

    private MigrationStatus last() {
        List<MigrationStatus> all = advisor.migrations().all();
        return all.get(all.size() - 1);
    }

    @Test
    void aServerThatNamesTheOperatorsOwnPolicyIsMigratedByIt() {
        operatorHas(only("mine", Technique.ZSTD));

        assertThat(ask("mine").technique()).isEqualTo(Technique.ZSTD);
        assertThat(last().policy()).isEqualTo("mine");
        assertThat(last().policyVersion()).isEqualTo(4);
    }

    @Test
    void aShippedPolicyThatWasEditedIsUsedAsItIsNow() {
        assertThat(ask(null).technique()).isNotEqualTo(Technique.ZLIB);
        advisor.close();
        operatorHas(only("ensure_performance", Technique.ZLIB));
        advisor = host.advisor();

        assertThat(ask(null).technique()).isEqualTo(Technique.ZLIB);
        assertThat(last().policyVersion()).isEqualTo(4);
    }

    @Test
    void bothHostsAggregatesAndThePolicyNarrowTheChoice() {
        operatorHas(
                only("ensure_performance", Technique.ZLIB),
                new TechniqueRule(
                        TechniqueRule.Scope.AGGREGATE, "slow", Set.of("there"), Set.of(), Set.of(Technique.ZLIB)));

        MigrationAdvice advice = ask(null);
        assertThat(advice.technique()).isNull();
        assertThat(advice.reason()).contains("DCZlib is forbidden by the operator for aggregate slow");
    }

    @Test
    void aDecisionThatWaitsForNovaIsDroppedOnceTheOperatorForbidsItsTechnique() throws Exception {
        UUID id = UUID.randomUUID();
        advisor.migrations()
                .start(MigrationRequest.of(FakeHost.VM, host.peer())
                        .technique(Technique.ZLIB)
                        .policy("ensure_performance")
                        .id(id)
                        .build());
        host.await(() -> advisor.migrations().get(id.toString()).phase() == Phase.PREPARING ? true : null);
        operatorHas(
                only("ensure_performance", Technique.ZLIB),
                new TechniqueRule(
                        TechniqueRule.Scope.AGGREGATE, "slow", Set.of("here"), Set.of(), Set.of(Technique.ZLIB)));

        MigrationAdvice advice = ask(null);
        assertThat(advice.technique()).isNull();
        assertThat(advice.reason()).contains("DCZlib is forbidden by the operator for aggregate slow");
    }

    @Test
    void afterTheOtherHostsLinkDroppedThereIsNoPostCopyForAnHour() {
        host.dropLink(new LinkDrop("the link of there dropped", Duration.ofMinutes(12)));
        assertThat(ask(null).technique()).matches(technique -> !technique.isPostCopy());
        assertThat(last().decision().alternatives())
                .filteredOn(each -> each.technique() == Technique.POST_COPY_PREEMPT)
                .singleElement()
                .extracting(each -> each.reason())
                .isEqualTo("is not used now, because the link of there dropped 12 min ago");
    }
}
