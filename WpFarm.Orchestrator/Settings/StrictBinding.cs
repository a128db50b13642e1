using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace WpFarm.Orchestrator.Settings;

/// <summary>
/// Compares a configuration with the record that it is bound to. The configuration binder itself ignores a missing key. With
/// ErrorOnUnknownConfiguration it stops at the first section that has an unknown key.
/// </summary>
internal static class StrictBinding
{
    /// <param name="path">Key of the record. Null for the whole configuration, which may also contain keys of other programs.</param>
    /// <returns>A problem for each key in the record's sections that is unknown, missing, or not of its type.</returns>
    public static IEnumerable<string> Problems(Type record, IConfiguration configuration, string? path = null) =>
        (path is null ? [] : Unknown(record, configuration.GetChildren().Select(child => child.Key), path)).Concat(
            record.GetProperties().SelectMany(property => Problems(property, configuration.GetSection(property.Name), path))
        );

    /// <param name="keys">The keys in the configuration.</param>
    public static IEnumerable<string> Unknown(Type record, IEnumerable<string> keys, string? path = null)
    {
        var known = record.GetProperties().Select(property => property.Name).ToList();
        return keys.Except(known, StringComparer.OrdinalIgnoreCase)
            .Select(key => $"{Join(path, key)} is unknown. Known here: {string.Join(", ", known)}.");
    }

    /// <summary>The problems that the validation attributes of the record, and of the records in it, find in the values.</summary>
    public static IEnumerable<string> InvalidValues(object settings, string? path = null) =>
        settings
            .GetType()
            .GetProperties()
            .SelectMany(property => InvalidValues(settings, property, property.GetValue(settings), Join(path, property.Name)));

    private static IEnumerable<string> InvalidValues(object settings, PropertyInfo property, object? value, string key)
    {
        var context = new ValidationContext(settings) { MemberName = property.Name, DisplayName = key };
        return property
            .GetCustomAttributes<ValidationAttribute>()
            .Select(attribute => attribute.GetValidationResult(value, context)?.ErrorMessage)
            .OfType<string>()
            .Concat(value is not null && IsSection(property) ? InvalidValues(value, key) : []);
    }

    private static IEnumerable<string> Problems(PropertyInfo property, IConfigurationSection section, string? path)
    {
        var key = Join(path, property.Name);
        var isRequired = property.IsDefined(typeof(RequiredMemberAttribute));
        if (IsSection(property))
            return section.Value is { Length: > 0 } text ? [$"{key} is '{text}', but must be a section with keys of its own."]
                : isRequired || section.Exists() ? Problems(property.PropertyType, section, key)
                : [];
        return section.Exists() ? Unconvertible(property.PropertyType, section)
            : isRequired ? [$"{key} is missing."]
            : [];
    }

    private static IEnumerable<string> Unconvertible(Type type, IConfigurationSection section)
    {
        try
        {
            _ = section.Get(type);
            return [];
        }
        catch (InvalidOperationException e)
        {
            return [e.Message];
        }
    }

    /// <summary>True for a property that is itself a record of settings, with keys of its own.</summary>
    private static bool IsSection(PropertyInfo property) =>
        property.PropertyType is { IsClass: true } type && type.Assembly == property.DeclaringType!.Assembly;

    private static string Join(string? path, string key) => path is null ? key : $"{path}:{key}";
}
