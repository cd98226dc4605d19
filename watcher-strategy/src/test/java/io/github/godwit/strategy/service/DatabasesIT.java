package io.github.godwit.strategy.service;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** Runs the tests of the database on MariaDB and PostgreSQL. */
class DatabasesIT {

    private static MariaDb mariaDb;
    private static EmbeddedPostgres postgres;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        mariaDb = new MariaDb(directory);
        postgres = EmbeddedPostgres.builder().start();
    }

    @AfterAll
    static void stop() throws Exception {
        if (postgres != null) {
            postgres.close();
        }
        if (mariaDb != null) {
            mariaDb.close();
        }
    }

    private static TestDatabase onPostgres() {
        String name = "d" + UUID.randomUUID().toString().replace("-", "");
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new TestDatabase(postgres.getJdbcUrl("postgres", name), "postgres", "postgres");
    }

    @Nested
    class AuditLoopOnMariaDb extends AuditLoopTest {
        @Override
        TestDatabase database() {
            return mariaDb.database();
        }
    }

    @Nested
    class AuditLoopOnPostgres extends AuditLoopTest {
        @Override
        TestDatabase database() {
            return onPostgres();
        }
    }

    @Nested
    class RecurringAuditOnMariaDb extends RecurringAuditTest {
        @Override
        TestDatabase database() {
            return mariaDb.database();
        }
    }

    @Nested
    class RecurringAuditOnPostgres extends RecurringAuditTest {
        @Override
        TestDatabase database() {
            return onPostgres();
        }
    }

    @Nested
    class InfraOptimOnMariaDb extends InfraOptimTest {
        @Override
        TestDatabase database() {
            return mariaDb.database();
        }
    }

    @Nested
    class InfraOptimOnPostgres extends InfraOptimTest {
        @Override
        TestDatabase database() {
            return onPostgres();
        }
    }

    @Nested
    class GodwitApiOnMariaDb extends GodwitApiTest {
        @Override
        TestDatabase database() {
            return mariaDb.database();
        }
    }

    @Nested
    class GodwitApiOnPostgres extends GodwitApiTest {
        @Override
        TestDatabase database() {
            return onPostgres();
        }
    }

    @Nested
    class TrailOnMariaDb extends TrailTest {
        @Override
        TestDatabase database() {
            return mariaDb.database();
        }
    }

    @Nested
    class TrailOnPostgres extends TrailTest {
        @Override
        TestDatabase database() {
            return onPostgres();
        }
    }

    @Nested
    class TakeoverOnMariaDb extends TakeoverTest {
        @Override
        TestDatabase database() {
            return mariaDb.database();
        }
    }

    @Nested
    class TakeoverOnPostgres extends TakeoverTest {
        @Override
        TestDatabase database() {
            return onPostgres();
        }
    }

    @Nested
    class UpgradeOnMariaDb extends UpgradeTest {
        @Override
        TestDatabase database() {
            return mariaDb.database();
        }
    }

    @Nested
    class UpgradeOnPostgres extends UpgradeTest {
        @Override
        TestDatabase database() {
            return onPostgres();
        }
    }

    @Nested
    class TransactionOnMariaDb extends TransactionTest {
        @Override
        TestDatabase database() {
            return mariaDb.database();
        }
    }

    @Nested
    class TransactionOnPostgres extends TransactionTest {
        @Override
        TestDatabase database() {
            return onPostgres();
        }
    }

    @Nested
    class SharedBudgetOnMariaDb extends SharedBudgetTest {
        @Override
        TestDatabase database() {
            return mariaDb.database();
        }
    }

    @Nested
    class SharedBudgetOnPostgres extends SharedBudgetTest {
        @Override
        TestDatabase database() {
            return onPostgres();
        }
    }

    @Nested
    class PlanStepsOnMariaDb extends PlanStepsTest {
        @Override
        TestDatabase database() {
            return mariaDb.database();
        }
    }

    @Nested
    class PlanStepsOnPostgres extends PlanStepsTest {
        @Override
        TestDatabase database() {
            return onPostgres();
        }
    }

    @Nested
    class RecentMovesOnMariaDb extends RecentMovesTest {
        @Override
        TestDatabase database() {
            return mariaDb.database();
        }
    }

    @Nested
    class RecentMovesOnPostgres extends RecentMovesTest {
        @Override
        TestDatabase database() {
            return onPostgres();
        }
    }

    @Nested
    class RetentionOnMariaDb extends RetentionTest {
        @Override
        TestDatabase database() {
            return mariaDb.database();
        }
    }

    @Nested
    class RetentionOnPostgres extends RetentionTest {
        @Override
        TestDatabase database() {
            return onPostgres();
        }
    }

    @Nested
    class TextOnMariaDb extends TextTest {
        @Override
        TestDatabase database() {
            return mariaDb.database();
        }
    }

    /** As the package of a distribution may have made it. */
    @Nested
    class TextOnMariaDbWithThreeBytesACharacter extends TextTest {
        @Override
        TestDatabase database() {
            return mariaDb.database("utf8mb3 COLLATE utf8mb3_general_ci");
        }
    }

    @Nested
    class TextOnPostgres extends TextTest {
        @Override
        TestDatabase database() {
            return onPostgres();
        }
    }
}
