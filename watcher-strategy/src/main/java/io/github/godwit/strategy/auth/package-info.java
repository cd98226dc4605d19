/** Authorization by Keystone tokens and the roles that they have. */
package io.github.godwit.strategy.auth;
