package io.github.godwit.strategy.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.Texts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** All goals, strategies and scoring engines of this release, as {@code catalog.yaml} lists them. */
public final class Catalog {

    private final List<Goal> goals;
    private final List<StrategyType> strategies;
    private final List<ScoringEngine> scoringEngines;

    private Catalog(List<Goal> goals, List<StrategyType> strategies, List<ScoringEngine> scoringEngines) {
        this.goals = List.copyOf(goals);
        this.strategies = List.copyOf(strategies);
        this.scoringEngines = List.copyOf(scoringEngines);
    }

    /** The catalog that ships. */
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

    /** All goals, in the catalog's order. */
    public List<Goal> goals() {
        return goals;
    }

    /** All strategies, in the catalog's order. */
    public List<StrategyType> strategies() {
        return strategies;
    }

    /** All scoring engines, in the catalog's order. */
    public List<ScoringEngine> scoringEngines() {
        return scoringEngines;
    }

    /** The strategies of a goal, the one that it falls back to first. */
    public List<StrategyType> strategiesOf(String goal) {
        return strategies.stream()
                .filter(strategy -> strategy.goal().equals(goal))
                .toList();
    }

    /** A goal by its name or UUID, if there is one. */
    public Optional<Goal> findGoal(String nameOrUuid) {
        return goals.stream()
                .filter(goal ->
                        goal.name().equals(nameOrUuid) || goal.uuid().toString().equals(nameOrUuid))
                .findFirst();
    }

    /** A strategy by its name or UUID, if there is one. */
    public Optional<StrategyType> findStrategy(String nameOrUuid) {
        return strategies.stream()
                .filter(strategy -> strategy.name().equals(nameOrUuid)
                        || strategy.uuid().toString().equals(nameOrUuid))
                .findFirst();
    }

    /**
     * A goal by its name or UUID.
     *
     * @throws ServiceRefusal when there is none
     */
    public Goal goal(String nameOrUuid) {
        return findGoal(nameOrUuid)
                .orElseThrow(() -> ServiceRefusal.notFound("Goal %s could not be found".formatted(nameOrUuid)));
    }

    /**
     * A strategy by its name or UUID.
     *
     * @throws ServiceRefusal when there is none
     */
    public StrategyType strategy(String nameOrUuid) {
        return findStrategy(nameOrUuid)
                .orElseThrow(() -> ServiceRefusal.notFound("Strategy %s could not be found".formatted(nameOrUuid)));
    }

    /**
     * A scoring engine by its name or UUID.
     *
     * @throws ServiceRefusal when there is none
     */
    public ScoringEngine scoringEngine(String nameOrUuid) {
        return scoringEngines.stream()
                .filter(engine -> engine.name().equals(nameOrUuid)
                        || engine.uuid().toString().equals(nameOrUuid))
                .findFirst()
                .orElseThrow(
                        () -> ServiceRefusal.notFound("ScoringEngine %s could not be found".formatted(nameOrUuid)));
    }
}
