using System.Reflection;
using System.Text.Json;
using WpFarm.Contracts.Api.Routes;

namespace WpFarm.Tests.Contracts.Api.Routes;

/// <summary>The routes that the contracts declare.</summary>
internal static class AllRoutes
{
    public static IReadOnlyList<ApiRoute> Known { get; } =
    [
        .. typeof(ApiRoute)
            .Assembly.GetTypes()
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Static))
            .Where(property => property.PropertyType.IsAssignableTo(typeof(ApiRoute)))
            .Select(property => (ApiRoute)property.GetValue(null)!),
    ];

    /// <summary>Names of the parameters, as they are sent.</summary>
    public static IEnumerable<string> ParametersOf(ApiRoute route) =>
        route.HasBody ? [] : route.Parameters.GetProperties().Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name));
}
