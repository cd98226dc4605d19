package io.github.godwit.strategy.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessRulesTest {

    private static final String RULE = "audit:create";

    private static boolean allows(String check, String... roles) {
        return AccessRules.parse("\"%s\": \"%s\"".formatted(RULE, check)).allow(RULE, Set.of(roles));
    }

    @Test
    void whatShipsIsWatchersDefault() {
        for (String rule : AccessRules.SHIPPED.texts().keySet()) {
            if (rule.contains(":")) {
                assertThat(AccessRules.SHIPPED.allow(rule, Set.of("admin")))
                        .as(rule)
                        .isTrue();
                assertThat(AccessRules.SHIPPED.allow(rule, Set.of("administrator")))
                        .as(rule)
                        .isTrue();
                assertThat(AccessRules.SHIPPED.allow(rule, Set.of("member", "reader")))
                        .as(rule)
                        .isFalse();
                assertThat(AccessRules.SHIPPED.allow(rule, Set.of("service")))
                        .as(rule)
                        .isEqualTo("webhook:trigger".equals(rule));
            }
        }
        assertThat(AccessRules.SHIPPED.allow("of_no:rule", Set.of("reader"))).isFalse();
    }

    /** Written out by the precedence of oslo.policy: not before and, and before or. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "role:a                          | a     | true",
                "role:a                          | b     | false",
                "role:A                          | a     | true",
                "role:a and role:b               | a     | false",
                "role:a and role:b               | a b   | true",
                "role:a or role:b                | b     | true",
                "role:c or role:a and role:b     | a     | false",
                "role:c or role:a and role:b     | c     | true",
                "(role:c or role:a) and role:b   | c     | false",
                "( role:c OR role:a ) AND role:b | c b   | true",
                "not role:a                      | b     | true",
                "not role:a and role:b           | b     | true",
                "not (role:a or role:b)          | b     | false",
                "not not role:a                  | a     | true",
                "@                               | b     | true",
                "!                               | admin | false",
                "rule:admin_api                  | admin | true",
                "is_admin:True                   | admin | true",
                "is_admin:True                   | b     | false",
                "is_admin:False                  | b     | true",
            })
    void checksAreThoseOfOsloPolicy(String check, String roles, boolean expected) {
        assertThat(allows(check, roles.split(" ", -1))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "project_id:%(project_id)s          | has 'project_id:%', which is not supported",
                "user_id:1                          | has 'user_id:1', which is not supported",
                "http://10.0.0.1/allow              | has 'http://10.0.0.1/allow', which is not supported",
                "role:                              | has 'role:', which is not supported",
                "admin                              | has 'admin', which is not supported",
                "role:a role:b                      | has 'role:b', which is not supported",
                "role:a and                         | ends where a check is expected",
                "(role:a                            | lacks a closing parenthesis",
                "role:a)                            | has ')', which is not supported",
                "is_admin:perhaps                   | has 'is_admin:perhaps', which is not supported",
                "rule:nobody                        | refers to rule:nobody, which does not exist",
                "rule:audit:create                  | Rule 'audit:create' refers to itself",
            })
    void anythingElseIsRefusedWithTheRule(String check, String message) {
        assertThatThrownBy(() -> allows(check))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("audit:create")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'\"audit:craete\": \"@\"'            | There is no rule 'audit:craete'. Do you mean 'audit:create'?",
                "'\"infra-optim:audit:create\": \"@\"' | Do you mean 'audit:create'?",
                "'\"audit:create\": [[\"role:a\"]]'   | Rule 'audit:create' is [[\"role:a\"]]; it must be a text",
                "'\"audit:create\": \"\"'             | ends where a check is expected",
                "'- audit:create'                     | It must have rules such as",
                "'a: b: c'                            | It is not YAML",
                "'{\"audit:get\": \"@\", \"audit:get\": \"!\"}' | duplicate key",
            })
    void aFileThatIsNoPolicyFileIsRefused(String yaml, String message) {
        assertThatThrownBy(() -> AccessRules.parse(yaml))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void oneLineOpensAllReadsButTheTrailToReaders(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(
                directory.resolve("policy.yaml"), "# readers\n\"reader_api\": \"role:reader or rule:admin_api\"\n");
        AccessRules rules = AccessRules.read(file);
        List<String> reader = List.of("reader");
        for (String rule : List.of("audit:detail", "action_plan:get", "host:get_all", "event:get_all")) {
            assertThat(rules.allow(rule, reader)).as(rule).isTrue();
        }
        for (String rule : List.of("audit:create", "action_plan:start", "migration:start", "trail:get_all")) {
            assertThat(rules.allow(rule, reader)).as(rule).isFalse();
        }
        assertThat(rules.texts()).containsEntry("reader_api", "role:reader or rule:admin_api");
    }

    @Test
    void aFileMayDefineRulesOfItsOwn() {
        AccessRules rules =
                AccessRules.parse("\"operators\": \"role:operator\"\n\"audit:create\": \"rule:operators\"\n");
        assertThat(rules.allow(RULE, Set.of("operator"))).isTrue();
        assertThat(rules.allow(RULE, Set.of("admin"))).isFalse();
    }

    @Test
    void aFileOfCommentsChangesNothing() {
        assertThat(AccessRules.parse("# nothing\n").texts()).isEqualTo(AccessRules.SHIPPED.texts());
    }
}
