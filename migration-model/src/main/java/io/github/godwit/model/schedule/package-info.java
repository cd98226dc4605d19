/**
 * Many migrations decided together: what waits for what, where each VM goes, by which technique, with how much bandwidth, and when all of
 * it ends. The records and interfaces; {@code schedule.solve} holds the schedulers and {@code schedule.rule} the rules of the papers.
 */
package io.github.godwit.model.schedule;
