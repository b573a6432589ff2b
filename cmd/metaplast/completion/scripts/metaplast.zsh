#compdef metaplast
# zsh completion for metaplast
_metaplast() {
  local -a opts open closed
  local cur="${words[CURRENT]}"
  if [[ "$cur" == -* ]]; then
    opts=("${(@f)$(${words[1,CURRENT-1]} ${cur} --generate-bash-completion 2>/dev/null)}")
  else
    opts=("${(@f)$(${words[1,CURRENT-1]} --generate-bash-completion 2>/dev/null)}")
  fi
  if [[ -n "${opts[1]}" ]]; then
    open=("${(@M)opts:#*=}")
    closed=("${(@)opts:#*=}")
    compadd -S '' -- "${open[@]}"
    compadd -- "${closed[@]}"
  else
    _files
  fi
}
compdef _metaplast metaplast
