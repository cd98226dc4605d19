package io.github.godwit.strategy.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.Texts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The goals, strategies and scoring engines of this release, as listed in {@code catalog.yaml}. */
public final class Catalog {

    private final List<Goal> goals;
    private final List<StrategyType> strategies;
    private final List<ScoringEngine> scoringEngines;

    private Catalog(List<Goal> goals, List<StrategyType> strategies, List<ScoringEngine> scoringEngines) {
        this.goals = List.copyOf(goals);
        this.strategies = List.copyOf(strategies);
        this.scoringEngines = List.copyOf(scoringEngines);
    }

    /** Returns the catalog that is shipped with the service, {@code catalog.yaml}. */
    public static Catalog shipped() {
        JsonNode document = Texts.yamlResource(Catalog.class, "catalog.yaml");
        JsonNode common = document.path("common_parameters");
        List<Goal> goals = new ArrayList<>();
        for (JsonNode goal : document.path("goals")) {
            goals.add(new Goal(
                    goal.path("name").textValue(),
                    goal.path("display_name").textValue(),
                    indicators(goal.path("indicators")),
                    indicators(goal.path("global"))));
        }
        List<StrategyType> strategies = new ArrayList<>();
        for (JsonNode strategy : document.path("strategies")) {
            strategies.add(new StrategyType(
                    strategy.path("name").textValue(),
                    strategy.path("display_name").textValue(),
                    strategy.path("goal").textValue(),
                    ParameterSchema.of(strategy.path("parameters"), strategy.path("uses"), common)));
        }
        List<ScoringEngine> engines = new ArrayList<>();
        for (JsonNode engine : document.path("scoring_engines")) {
            engines.add(new ScoringEngine(
                    engine.path("name").textValue(), engine.path("description").textValue(), ""));
        }
        return new Catalog(goals, strategies, engines);
    }

    private static List<Indicator> indicators(JsonNode nodes) {
        List<Indicator> indicators = new ArrayList<>();
        for (JsonNode node : nodes) {
            indicators.add(new Indicator(
                    node.path("name").textValue(),
                    node.path("description").textValue(),
                    node.path("unit").textValue()));
        }
        return indicators;
    }

    static UUID uuid(String kind, String name) {
        return UUID.nameUUIDFromBytes(("godwit " + kind + " " + name).getBytes(StandardCharsets.UTF_8));
    }

    /** Returns all goals, in the order of the catalog. */
    public List<Goal> goals() {
        return goals;
    }

    /** Returns all strategies, in the order of the catalog. */
    public List<StrategyType> strategies() {
        return strategies;
    }

    /** Returns all scoring engines, in the order of the catalog. */
    public List<ScoringEngine> scoringEngines() {
        return scoringEngines;
    }

    /** Returns the strategies of a goal; the first one is the default of audits that name no strategy. */
    public List<StrategyType> strategiesOf(String goal) {
        return strategies.stream()
                .filter(strategy -> strategy.goal().equals(goal))
                .toList();
    }

    /** Returns a goal by its name or UUID, if it exists. */
    public Optional<Goal> findGoal(String nameOrUuid) {
        return goals.stream()
                .filter(goal -> means(nameOrUuid, goal.name(), goal.uuid()))
                .findFirst();
    }

    /** Names are compared without regard to case, as the collation of Watcher's database does. */
    private static boolean means(String nameOrUuid, String name, UUID uuid) {
        return name.equalsIgnoreCase(nameOrUuid) || uuid.toString().equalsIgnoreCase(nameOrUuid);
    }

    /** Returns a strategy by its name or UUID, if it exists. */
    public Optional<StrategyType> findStrategy(String nameOrUuid) {
        return strategies.stream()
                .filter(strategy -> means(nameOrUuid, strategy.name(), strategy.uuid()))
                .findFirst();
    }

    /**
     * Returns a goal by its name or UUID.
     *
     * @throws ServiceRefusal if it does not exist
     */
    public Goal goal(String nameOrUuid) {
        return findGoal(nameOrUuid)
                .orElseThrow(() -> ServiceRefusal.notFound("Goal %s could not be found".formatted(nameOrUuid)));
    }

    /**
     * Returns a strategy by its name or UUID.
     *
     * @throws ServiceRefusal if it does not exist
     */
    public StrategyType strategy(String nameOrUuid) {
        return findStrategy(nameOrUuid)
                .orElseThrow(() -> ServiceRefusal.notFound("Strategy %s could not be found".formatted(nameOrUuid)));
    }

    /**
     * Returns a scoring engine by its name or UUID.
     *
     * @throws ServiceRefusal if it does not exist
     */
    public ScoringEngine scoringEngine(String nameOrUuid) {
        return scoringEngines.stream()
                .filter(engine -> means(nameOrUuid, engine.name(), engine.uuid()))
                .findFirst()
                .orElseThrow(
                        () -> ServiceRefusal.notFound("ScoringEngine %s could not be found".formatted(nameOrUuid)));
    }
}
