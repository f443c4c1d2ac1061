const publicPattern = /^\/(health|metrics|terminal|api\/docs)(?![^/-])/;

/**
 * Whether a route's pattern needs no credential: health, metrics, the terminal page (which
 * holds nothing of a session) and the API's description. Every other route needs one,
 * so that forgetting to say it cannot open a route.
 */
export function isPublicRoute(route: string): boolean {
  return publicPattern.test(route);
}
