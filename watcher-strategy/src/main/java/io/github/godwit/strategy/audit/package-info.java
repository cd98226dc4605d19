/** Audits and audit templates: what they are, their states, and how an audit is carried out. */
package io.github.godwit.strategy.audit;
