package io.github.godwit.strategy.audit;

import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionState;
import io.github.godwit.strategy.store.Page;
import io.github.godwit.strategy.store.Stores;
import java.util.List;
import java.util.Map;

/** What later plans learn from: the migrations that have succeeded, of all plans. */
final class LatestMigrations {

    private LatestMigrations() {}

    /**
     * The latest of them, newest first.
     *
     * @param most how many at most
     */
    static List<Action> succeeded(Stores stores, int most) {
        return stores.database()
                .jdbi()
                .withHandle(handle -> stores.plans()
                        .actions(
                                handle,
                                new Page("id", true, most, null),
                                Map.of("action_type", "migrate", "state", ActionState.SUCCEEDED.name())));
    }
}
