/** Schedulers: exact for few migrations, a search for many, on one simulation of migrations that share links. */
package io.github.godwit.model.schedule.solve;
