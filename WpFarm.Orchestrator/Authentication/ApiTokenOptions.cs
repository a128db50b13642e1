using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authentication;

namespace WpFarm.Orchestrator.Authentication;

internal sealed class ApiTokenOptions : AuthenticationSchemeOptions
{
    /// <summary>The file that holds the token.</summary>
    [Required]
    public string TokenFile { get; set; } = "";
}
