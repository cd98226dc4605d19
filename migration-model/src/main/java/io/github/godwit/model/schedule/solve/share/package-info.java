/** How links are shared among migrations: max-min fairness, and what a migration takes at each share. Pure arithmetic on arrays. */
package io.github.godwit.model.schedule.solve.share;
