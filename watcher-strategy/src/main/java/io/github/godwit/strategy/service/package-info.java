/** The service as a whole: configuration, start, distribution of tasks among instances, and metrics. */
package io.github.godwit.strategy.service;
