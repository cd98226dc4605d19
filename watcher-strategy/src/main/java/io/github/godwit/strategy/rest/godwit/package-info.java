/** The REST resources under {@code /godwit/v1}, for what Watcher's API does not cover, and the page, the health check and the metrics. */
package io.github.godwit.strategy.rest.godwit;
