package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Splitter;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.store.Database;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** This release reads and continues what an older release has stored. */
class UpgradeTest {

    private static final String PLAN = "/v1/action_plans/33333333-0000-4000-8000-000000000001";

    /** Returns the database of the test; {@code DatabasesIT} runs the tests on other databases too. */
    TestDatabase database() {
        return TestDatabase.memory();
    }

    private static Connection connect(TestDatabase database) throws SQLException {
        return DriverManager.getConnection(
                database.url(),
                database.user() == null ? "godwit" : database.user(),
                database.password() == null ? "" : database.password());
    }

    /** Fills a database as the release with that version of the schema left it. */
    private static void fill(TestDatabase database, String version) throws SQLException, IOException {
        Database.schema(database.url())
                .dataSource(
                        database.url(),
                        database.user() == null ? "godwit" : database.user(),
                        database.password() == null ? "" : database.password())
                .target(version)
                .load()
                .migrate();
        try (InputStream rows = UpgradeTest.class.getResourceAsStream("V%s.sql".formatted(version));
                Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            for (String row : Splitter.on(";\n")
                    .omitEmptyStrings()
                    .split(new String(rows.readAllBytes(), StandardCharsets.UTF_8))) {
                statement.execute(row);
            }
        }
    }

    @Test
    void dataOfTheFirstVersionIsContinued() throws Exception {
        TestDatabase database = database();
        fill(database, "1");
        FakeCloud cloud = new FakeCloud(DrawnCluster.draw("host h1"));
        try (TestService service = new TestService(database.open(), cloud, "new")) {
            assertThat(service.get("/v1/audit_templates/cool").body().path("default_parameters"))
                    .hasToString("{\"samples\":1}");
            assertThat(service.get("/v1/audits/first").text("status_message")).isEqualTo("Two messages and a wait.");
            assertThat(service.get("/godwit/v1/policies/mine").body().toString())
                    .contains("\"DT\"");
            assertThat(service.get(PLAN).text("state")).isEqualTo("RECOMMENDED");
            service.post(PLAN + "/start", "{}");
            service.untilState(PLAN, "SUCCEEDED");
        }
    }

    /** Its first action was running; nobody knows where. */
    @Test
    void whatWasRunningBeforeActionsHadLeasesIsContinued() throws Exception {
        TestDatabase database = database();
        fill(database, "4");
        FakeCloud cloud = new FakeCloud(DrawnCluster.draw("host h1"));
        try (TestService service = new TestService(database.open(), cloud, "new")) {
            service.untilState(PLAN, "SUCCEEDED");
            assertThat(service.get("/v1/actions").body().path("actions").findValuesAsText("state"))
                    .containsExactly("SUCCEEDED", "SUCCEEDED");
        }
    }

    @Test
    void aSchemaOfANewerReleaseIsRefused() throws SQLException {
        TestDatabase database = database();
        database.open().close();
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            String history = database.url().contains("h2") ? "\"flyway_schema_history\"" : "flyway_schema_history";
            statement.execute("INSERT INTO %s (%s) VALUES (99, '99', 'later', 'SQL', 'V99__later.sql', 1, 'x', 1, TRUE)"
                    .formatted(history, columns(database)));
        }
        assertThatThrownBy(database::open)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has the schema of a newer release, version 99");
    }

    private static String columns(TestDatabase database) {
        String columns =
                "installed_rank, version, description, type, script, checksum, installed_by, execution_time, success";
        return database.url().contains("h2") ? "\"" + columns.replace(", ", "\", \"") + "\"" : columns;
    }
}
