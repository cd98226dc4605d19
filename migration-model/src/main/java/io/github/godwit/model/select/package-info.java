/** SLO policies, and the choice of the technique that follows them best. */
package io.github.godwit.model.select;
