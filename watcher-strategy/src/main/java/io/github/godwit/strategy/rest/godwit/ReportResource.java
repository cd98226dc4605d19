package io.github.godwit.strategy.rest.godwit;

import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.Times;
import io.github.godwit.strategy.rest.Api;
import io.github.godwit.strategy.rest.Query;
import io.github.godwit.strategy.shadow.ShadowReport;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;

/** {@code /godwit/v1/report}: what Godwit would have chosen for the migrations that it observed, and what it is expected to have saved. */
@Path("/godwit/v1/report")
@Produces(MediaType.APPLICATION_JSON)
public final class ReportResource {

    static final String SINCE = "since";

    private final Api api;

    /** Creates the resource. */
    public ReportResource(Api api) {
        this.api = api;
    }

    /** Reports on the migrations of the time since {@code since}, of the last week without it. */
    @GET
    public ShadowReport get(@Context ContainerRequestContext request) {
        return api.recorded()
                .report(since(Query.of(request.getUriInfo(), SINCE), api.clock().instant()));
    }

    /** The beginning of the period that a request names, of the usual one without it. */
    static Instant since(Query query, Instant now) {
        Instant since = Times.since(
                SINCE, query.get(SINCE).filter(text -> !text.isBlank()).orElse(ShadowReport.USUAL_PERIOD), now);
        if (since.isAfter(now)) {
            throw ServiceRefusal.invalid("since (%s) lies in the future. Write for example 7d.".formatted(since));
        }
        return since;
    }
}
