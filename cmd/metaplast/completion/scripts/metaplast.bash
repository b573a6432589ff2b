# bash completion for metaplast
_metaplast() {
  local cur word i n=0 glued=
  local -a words=()
  # Bash takes "=" for a word of its own: put "--out=runs/a" and "meta.steps=4" together again.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word="${COMP_WORDS[i]}"
    if ((n > 1)) && [[ $word == "=" || -n $glued ]]; then
      words[n - 1]+="$word"
    else
      words[n]="$word"
      n=$((n + 1))
    fi
    glued=
    [[ $word == "=" ]] && glued=yes
  done
  cur="${words[n - 1]}"
  local -a ask=("${words[@]:0:n-1}")
  [[ $cur == -* ]] && ask+=("$cur")
  COMPREPLY=()
  local before= candidate
  [[ $cur == *=* ]] && before="${cur%=*}=" # is on the line already
  while IFS= read -r candidate; do
    if [[ -n $candidate && $candidate == "$cur"* ]]; then
      candidate="${candidate#"$before"}"
      [[ $candidate == *" "* ]] && printf -v candidate %q "$candidate"
      COMPREPLY+=("$candidate")
    fi
  done < <("${ask[@]}" --generate-bash-completion 2>/dev/null)
  if ((${#COMPREPLY[@]} == 1)) && [[ ${COMPREPLY[0]} == *= ]]; then
    compopt -o nospace 2>/dev/null
  fi
}
complete -o bashdefault -o default -F _metaplast metaplast
